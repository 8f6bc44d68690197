/**
 * What the console shows of decisions: the search's rows, counts and facets. The server builds these, the browser parses
 * them; both use this one schema.
 */
import * as z from 'zod';
import { ORIGIN_PROTOCOLS, outcomeSource, outcomeVerdict, tier } from './record-payload';

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
  prompt: z.string().nullable(),
  promptVersion: z.string().nullable(),
  /** `name=verdict` of each guardrail that was evaluated. */
  guardrails: z.array(z.string()),
  /** What a bridge made it from, when it was not signed at its source. Packages from before that do not say. */
  origin: z.enum(ORIGIN_PROTOCOLS).nullable().default(null),
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
  /**
   * When several terms have to be compared row by row and the page is not full: how far back (or forth) every decision
   * has been looked at. What lies beyond is found from the cursor on. Null when the rows alone say where the page ends.
   */
  searchedTo: z.string().nullable(),
});
export type DecisionPage = z.infer<typeof decisionPage>;

export const FACETS = ['outcome', 'agent', 'tool', 'control', 'rule', 'source'] as const;
export type Facet = (typeof FACETS)[number];

/** Facets that are counted over the newest matches only. */
export const DETAIL_FACETS = ['tier', 'model', 'prompt', 'policy', 'guardrail'] as const;
export type DetailFacet = (typeof DETAIL_FACETS)[number];

const facetValue = z.object({ value: z.string(), n: z.number().int().nonnegative() });
const facetCounts = z.object({
  facet: z.enum([...FACETS, ...DETAIL_FACETS]),
  values: z.array(facetValue),
});
export type FacetCounts = z.infer<typeof facetCounts>;

/** Which matches a count is over: every one of them, or the newest `n` that were read. */
export const countBasis = z.object({ all: z.boolean(), n: z.number().int().nonnegative() });
export type CountBasis = z.infer<typeof countBasis>;

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
  /** Null when counting was given up. */
  facets: z.array(facetCounts).nullable(),
  histogram: z.array(histogramBucket).nullable(),
  /** Of `facets` and `histogram`. */
  basis: countBasis,
  details: z.object({ basis: countBasis, facets: z.array(facetCounts) }).nullable(),
});
export type SearchSummary = z.infer<typeof searchSummary>;
