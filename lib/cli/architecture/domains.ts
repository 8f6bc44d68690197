/**
 * The pure domains, and which others each may know. Two files are vocabulary that others share and count as domains of
 * their own: what a record says (`lib/decisions/record-payload`) and what is shown of an escalation
 * (`lib/escalations/escalation-view`).
 */
export const DOMAINS: Record<string, readonly string[]> = {
  'record-payload': [],
  integrity: [],
  tokens: [],
  identity: ['record-payload'],
  producers: ['record-payload'],
  escalations: ['record-payload', 'escalation-view', 'identity', 'tokens', 'policy'],
  policy: ['record-payload', 'escalation-view', 'tokens'],
  'escalation-view': ['record-payload', 'identity'],
  decisions: ['record-payload', 'escalation-view', 'escalations', 'integrity', 'tokens'],
  conditions: ['record-payload', 'integrity', 'producers', 'decisions', 'escalations', 'escalation-view'],
  mesh: ['record-payload', 'integrity', 'producers', 'decisions'],
  vault: ['record-payload', 'identity'],
  retention: ['record-payload', 'identity', 'vault'],
  contract: ['record-payload', 'decisions', 'escalations', 'integrity', 'producers', 'retention', 'vault'],
  otlp: ['record-payload', 'contract'],
  lineage: ['record-payload', 'decisions'],
  analytics: ['record-payload', 'producers'],
  completeness: ['record-payload'],
  notifications: ['record-payload', 'identity'],
  attention: ['record-payload', 'escalation-view', 'tokens', 'policy', 'analytics'],
  evidence: [
    'record-payload',
    'producers',
    'integrity',
    'tokens',
    'decisions',
    'escalations',
    'escalation-view',
    'mesh',
    'lineage',
  ],
};

const VOCABULARY: Record<string, string> = {
  'lib/decisions/record-payload': 'record-payload',
  'lib/escalations/escalation-lists': 'escalation-view',
  'lib/escalations/escalation-view': 'escalation-view',
  'lib/escalations/drill-view': 'escalation-view',
  'lib/escalations/load-view': 'escalation-view',
  'lib/escalations/flow-view': 'escalation-view',
};

/** The domain that a project path (with or without its extension) lies in, or null. */
export function domainOf(path: string): string | null {
  const plain = path.replace(/\.tsx?$/, '');
  const shared = VOCABULARY[plain];
  if (shared) return shared;
  const name = /^lib\/([a-z-]+)\//.exec(plain)?.[1];
  return name !== undefined && Object.hasOwn(DOMAINS, name) ? name : null;
}

/** A way round in circles through the declared dependencies, or null when there is none. */
export function findCycle(graph: Record<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (name: string, way: string[]): string[] | null => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const next of graph[name] ?? []) {
      const cycle = visit(next, [...way, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return null;
  };
  for (const name of Object.keys(graph)) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return null;
}
