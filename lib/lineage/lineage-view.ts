/** One hop of lineage as the server hands it over: a node, what it rests on, what it led to, each with its counts. */
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
  'retrieved',
  'input',
  'output',
  'external',
  'record',
] as const;

export const lineageNode = z.object({
  id: z.string(),
  kind: z.enum(NODE_KINDS),
  /** From outside where it names an agent, a tool, a template or a thing elsewhere. */
  label: z.string(),
  note: z.string().nullable(),
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

/** Neighbours counted of a node; beyond it the count is "or more". */
export const COUNT_LIMIT = 1_000;
/** Neighbours loaded at once on each side. */
export const HOP_LIMIT = 40;

/** "1,000+" where counting stopped. */
export function formatCount(n: number): string {
  return n >= COUNT_LIMIT ? `${COUNT_LIMIT.toLocaleString('en')}+` : n.toLocaleString('en');
}
