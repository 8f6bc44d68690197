import { findBackEdges } from '@/lib/lineage/back-edges';
import { causeOf, effectOf } from '@/lib/lineage/edge-direction';
import { edgeKey } from '@/lib/lineage/lineage-graph';
import type { LineageEdge, LineageNode, NodeKind } from '@/lib/lineage/lineage-view';
import { BundleBuilder } from './bundle-builder';
import type { ProvDocument } from './prov-document';
import { qualifiedName } from './qualified-name';

/** Kinds that happened at a time; everything else is a thing. */
export const ACTIVITY_KINDS: ReadonlySet<NodeKind> = new Set([
  'decision',
  'foreign',
  'missing',
  'escalation',
  'review',
  'redemption',
  'revocation',
  'outcome',
  'change',
]);

export interface DrawnGraph {
  nodes: readonly LineageNode[];
  edges: readonly LineageEdge[];
}

const MAX_TEXT = 1_000;
const nameOf = (node: Pick<LineageNode, 'id'>) => qualifiedName('node', node.id);

/**
 * A part of the lineage as PROV-JSON: activities and entities under the ids that records carry, each edge as the relation
 * between what it joins. What would make something its own cause stands as a claim (`cs:claims`), since records may say so.
 * @param complete whether nothing was left out that belongs to what was asked for
 */
export function describeGraph(
  graph: DrawnGraph,
  options: { origin: string; center: string; complete: boolean },
): ProvDocument {
  const bundle = new BundleBuilder();
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = graph.edges.filter(({ source, target }) => nodes.has(source) && nodes.has(target));
  const circular = findBackEdges(edges);
  const claims = new Map<string, string[]>();
  for (const edge of edges) {
    if (!circular.has(edgeKey(edge))) continue;
    const list = claims.get(edge.source);
    const claim = `${edge.kind} ${edge.target}`;
    if (list) list.push(claim);
    else claims.set(edge.source, [claim]);
  }
  for (const node of nodes.values()) {
    const isActivity = ACTIVITY_KINDS.has(node.kind);
    const claimed = claims.get(node.id);
    bundle.element(isActivity ? 'activity' : 'entity', nameOf(node), {
      'prov:type': `cs:${node.kind}`,
      'cs:id': node.id,
      'prov:label': node.label.toWellFormed().slice(0, MAX_TEXT),
      ...(node.note === null ? {} : { 'cs:note': node.note.toWellFormed().slice(0, MAX_TEXT) }),
      ...(node.at === null ? {} : { [isActivity ? 'prov:startTime' : 'cs:at']: node.at }),
      ...(claimed === undefined ? {} : { 'cs:claims': claimed.slice(0, MAX_TEXT) }),
    });
    if (node.agent === null) continue;
    const agent = bundle.element('agent', qualifiedName('agent', node.agent), {
      'prov:type': 'prov:SoftwareAgent',
      'cs:id': node.agent,
    });
    bundle.relate('wasAssociatedWith', { 'prov:activity': nameOf(node), 'prov:agent': agent });
  }
  for (const edge of edges) {
    if (circular.has(edgeKey(edge))) continue;
    relate(
      bundle,
      nodes.get(causeOf(edge)) as LineageNode,
      nodes.get(effectOf(edge)) as LineageNode,
      edge.kind,
    );
  }
  return {
    prefix: { cs: `${options.origin}/prov#` },
    bundle: {
      [qualifiedName('lineage', options.center, options.complete ? 'complete' : 'part')]: bundle.told,
    },
  };
}

function relate(bundle: BundleBuilder, cause: LineageNode, effect: LineageNode, kind: string): void {
  const [from, to] = [nameOf(effect), nameOf(cause)];
  const role = { 'prov:role': `cs:${kind}` };
  const [made, making] = [ACTIVITY_KINDS.has(effect.kind), ACTIVITY_KINDS.has(cause.kind)];
  if (made && making)
    bundle.relate('wasInformedBy', { 'prov:informed': from, 'prov:informant': to, ...role });
  else if (made) bundle.relate('used', { 'prov:activity': from, 'prov:entity': to, ...role });
  else if (making) bundle.relate('wasGeneratedBy', { 'prov:entity': from, 'prov:activity': to, ...role });
  else bundle.relate('wasDerivedFrom', { 'prov:generatedEntity': from, 'prov:usedEntity': to, ...role });
}
