/** Lineage as the server hands it over: hops, ways between two things, and what followed from one. */
import { z } from 'zod';

export const NODE_KINDS = [
  'decision',
  /** A decision in another console's log, held here with its proof. */
  'foreign',
  /** A parent that is named and nowhere to be had. */
  'missing',
  'escalation',
  'review',
  'approval',
  'redemption',
  'revocation',
  'outcome',
  'change',
  'prompt',
  'policy',
  'model',
  'index',
  'guardrail',
  /** A threshold's or a routing's version. */
  'version',
  'retrieved',
  'input',
  'output',
  'external',
  'record',
] as const;
export const nodeKind = z.enum(NODE_KINDS);
export type NodeKind = z.infer<typeof nodeKind>;

export const lineageNode = z.object({
  id: z.string(),
  kind: nodeKind,
  /** From outside where it names an agent, a tool, a template or a thing elsewhere. */
  label: z.string(),
  note: z.string().nullable(),
  /** The agent that decided, for decisions of this console. */
  agent: z.string().nullable(),
  at: z.string().nullable(),
  /** Neighbours on each side, counted up to `COUNT_LIMIT`: that number means "or more". */
  used: z.number().int(),
  led: z.number().int(),
});
export type LineageNode = z.infer<typeof lineageNode>;

export const lineageEdge = z.object({ source: z.string(), kind: z.string(), target: z.string() });
export type LineageEdge = z.infer<typeof lineageEdge>;

export const lineageHop = z.object({
  center: z.string(),
  nodes: z.array(lineageNode),
  edges: z.array(lineageEdge),
});
export type LineageHop = z.infer<typeof lineageHop>;

/** How far a bounded search went: what it did not find may still exist beyond that. */
export const searchBounds = z.object({
  hops: z.number().int(),
  nodes: z.number().int(),
  /** Nodes with more neighbours than were followed. */
  cut: z.number().int(),
});
export type SearchBounds = z.infer<typeof searchBounds>;

/** `GET /api/v1/lineage/path`: one shortest way, or none within the bounds. */
export const lineagePath = z.object({
  found: z.boolean(),
  /** Nodes from one end to the other, empty when none was found. */
  nodes: z.array(lineageNode),
  edges: z.array(lineageEdge),
  searched: searchBounds,
  limits: z.object({ hops: z.number().int(), nodes: z.number().int() }),
});
export type LineagePath = z.infer<typeof lineagePath>;

export const PATH_WAYS = ['causal', 'any'] as const;
export type PathWay = (typeof PATH_WAYS)[number];

/** `GET /api/v1/lineage/closure`: everything that rests on a node, page by page, nearest first. */
export const lineageClosure = z.object({
  center: lineageNode,
  rows: z.array(z.object({ node: lineageNode, hops: z.number().int(), via: z.string(), from: z.string() })),
  next: z.number().int().nullable(),
  /** By kind, over all that was found, whatever the filter. */
  counts: z.partialRecord(nodeKind, z.number().int()),
  /** Decisions by agent, over all that was found; the largest 50. */
  agents: z.array(z.object({ agent: z.string(), n: z.number().int() })),
  /** Rows that fit the filter. */
  matching: z.number().int(),
  /** True: the counts are exact. False: the search stopped at its bounds, and there is more. */
  complete: z.boolean(),
  limits: z.object({ hops: z.number().int(), nodes: z.number().int() }),
});
export type LineageClosure = z.infer<typeof lineageClosure>;

/** Neighbours counted of a node; beyond it the count is "or more". */
export const COUNT_LIMIT = 1_000;
/** Neighbours loaded at once on each side. */
export const HOP_LIMIT = 40;
/** Neighbours loaded on each side at most, when somebody asks for more again and again. */
export const MAX_HOP_LIMIT = 500;
/** Nodes drawn at once. */
export const MAX_SHOWN = 1_000;

/** "1,000+" where counting stopped. */
export function formatCount(n: number): string {
  return n >= COUNT_LIMIT ? `${COUNT_LIMIT.toLocaleString('en')}+` : n.toLocaleString('en');
}
