import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

/** State of the log as the pill at the top of every page shows it. */
export const integrityStatus = z.object({
  treeSize: count,
  witnessedAt: z.nullable(z.union([z.number(), z.string()])),
  witnessesOk: count,
  witnessesTotal: count,
  unwitnessedSince: z.nullable(z.union([z.number(), z.string()])),
  state: z.enum(['valid', 'invalid', 'unwitnessed', 'unknown']),
  finding: z.nullish(z.string()),
});
export type IntegrityStatus = z.infer<typeof integrityStatus>;

/** GET /api/v1/frame */
export const frameAnswer = z.object({
  queueCount: count,
  alerts: z.optional(count),
  breakGlass: z.nullable(z.object({ id: z.string(), until: z.string() })),
  breakGlassReviews: count,
  integrity: integrityStatus,
});
