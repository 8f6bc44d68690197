/**
 * What the console shows of decisions: the search's rows, counts and facets. The server builds these, the browser parses
 * them; both use this one schema.
 */
import * as z from 'zod';
import { outcomeSource, outcomeVerdict, tier } from './record-payload';

/** One row of the search: the projection of a decision record, with the place of that record. */
export const decisionRow = z.object({
  id: z.string(),
  occurredAt: z.string(),
  stream: z.string(),
  position: z.number().int(),
  agent: z.string(),
  agentVersion: z.string().nullable(),
  runtime: z.string().nullable(),
  principal: z.string().nullable(),
  tool: z.string(),
  resource: z.string().nullable(),
  tier,
  verdict: outcomeVerdict,
  source: outcomeSource,
  control: z.string().nullable(),
  rule: z.string().nullable(),
  reasonCode: z.string().nullable(),
  model: z.string().nullable(),
  modelVersion: z.string().nullable(),
  policyId: z.string().nullable(),
  policyVersion: z.string().nullable(),
  amount: z.string().nullable(),
  currency: z.string().nullable(),
  escalation: z.string().nullable(),
  traceId: z.string().nullable(),
  runId: z.string().nullable(),
  sessionId: z.string().nullable(),
});
export type DecisionRow = z.infer<typeof decisionRow>;

/**
 * How many match. `exact` is never an estimate; `more` says only that at least `n` do, because counting them all would
 * mean reading them all.
 */
export const searchTotal = z.object({ kind: z.enum(['exact', 'more']), n: z.number().int().nonnegative() });
export type SearchTotal = z.infer<typeof searchTotal>;

export const decisionPage = z.object({
  rows: z.array(decisionRow),
  /** Cursors for `older` and `newer` rows; null where there are none now. */
  older: z.string().nullable(),
  newer: z.string().nullable(),
});
export type DecisionPage = z.infer<typeof decisionPage>;

export const FACETS = ['outcome', 'agent', 'tool', 'control', 'rule', 'source'] as const;
export type Facet = (typeof FACETS)[number];

const facetValue = z.object({ value: z.string(), n: z.number().int().nonnegative() });

export const histogramBucket = z.object({
  from: z.string(),
  to: z.string(),
  allow: z.number().int(),
  refuse: z.number().int(),
  escalate: z.number().int(),
  defer: z.number().int(),
});
export type HistogramBucket = z.infer<typeof histogramBucket>;

/** Counts beside the list: each facet under all other terms of the query, and when the matches happened. */
export const searchSummary = z.object({
  total: searchTotal,
  facets: z.array(z.object({ facet: z.enum(FACETS), values: z.array(facetValue) })).nullable(),
  histogram: z.array(histogramBucket).nullable(),
});
export type SearchSummary = z.infer<typeof searchSummary>;
