/**
 * The kinds of lineage edges, all pointing from the later thing to what it rests on, except `created`, which points
 * at what came into being elsewhere. Nodes are named by the ids that records carry:
 *
 *   dec_… or any decision id · esc_… · apr_… · the record's own id (reviews, redemptions, outcomes) ·
 *   a digest (`sha-256:…` of a prompt, policy or retrieved item, `sha3-512:…` of a payload) ·
 *   `model:<provider>/<name>@<version>` · `index:<name>@<version>` · `ext:<system>:<type>:<id>`
 */
export const EDGE_KINDS = {
  parent: 'decision → the decision it continues',
  input: 'decision → digest of its input payload',
  output: 'decision → digest of its output payload',
  model: 'decision → model version',
  prompt: 'decision → digest of its prompt template',
  index: 'decision → retrieval index version',
  retrieved: 'decision → digest of an item it was given',
  policy: 'decision → digest of the policy it was judged by',
  authorised_by: 'decision → approval it was carried out under',
  escalates: 'escalation → decision it asks for',
  reviews: 'review → escalation',
  approves: 'approval → escalation',
  redeems: 'redemption → approval',
  revokes: 'revocation → approval',
  reports: 'outcome → the decision or approval whose execution it reports',
  created: 'decision, or approval → thing in another system',
  changes: 'change → digest that is in force after it',
  replaces: 'change → digest that was in force before it',
} as const;

export type EdgeKind = keyof typeof EDGE_KINDS;

/** Node of a model version, which has no digest of its own. */
export function modelNode(model: { provider: string; name: string; version: string }): string {
  return `model:${model.provider}/${model.name}@${model.version}`;
}

/** Node of a retrieval index version. */
export function indexNode(retrieval: { index: string; version: string }): string {
  return `index:${retrieval.index}@${retrieval.version}`;
}

/** Node of a thing in another system. */
export function externalNode(thing: { system: string; type: string; id: string }): string {
  return `ext:${thing.system}:${thing.type}:${thing.id}`;
}
