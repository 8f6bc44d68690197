/** Legal holds: what they cover is never deleted, whatever a schedule or an erasure says. */
import * as z from 'zod';
import { foreignId, instant, subjectToken } from '@/lib/decisions/record-payload';
import { caseReference } from '@/lib/vault/purpose';

export const HOLD_REASONS = {
  litigation: 'Litigation, pending or expected',
  'regulator-inquiry': 'Inquiry of a regulator',
  'internal-investigation': 'Internal investigation',
  'insurance-claim': 'Insurance claim',
} as const;
export const holdReason = z.enum(Object.keys(HOLD_REASONS) as [keyof typeof HOLD_REASONS]);
export type HoldReason = z.infer<typeof holdReason>;

/**
 * What a hold covers. Each part that is given narrows it; within a part any one counts. `caseRef` covers every subject that
 * was looked up under that case number, also later.
 */
export const holdScope = z
  .strictObject({
    subjects: z.array(subjectToken).max(1_000),
    agents: z.array(foreignId).max(64),
    from: instant.nullable(),
    until: instant.nullable(),
    caseRef: caseReference.nullable(),
  })
  .refine(
    (scope) =>
      scope.subjects.length + scope.agents.length > 0 ||
      scope.from !== null ||
      scope.until !== null ||
      scope.caseRef !== null,
    { path: ['subjects'], message: 'scope' },
  )
  .refine(({ from, until }) => from === null || until === null || from < until, {
    path: ['until'],
    message: 'order',
  });
export type HoldScope = z.infer<typeof holdScope>;

/** POST /api/v1/vault/holds */
export const placeHoldRequest = z.strictObject({
  scope: holdScope,
  caseRef: caseReference,
  reasonCode: holdReason,
  reasonText: z.string().trim().min(3).max(2_000),
});
export type PlaceHoldRequest = z.infer<typeof placeHoldRequest>;

const named = z.object({ id: z.string(), name: z.string() });

export const holdView = z.object({
  id: z.string(),
  scope: z.object({
    subjects: z.array(z.string()),
    agents: z.array(z.string()),
    from: z.string().nullable(),
    until: z.string().nullable(),
    caseRef: z.string().nullable(),
  }),
  caseRef: z.string(),
  reasonCode: holdReason,
  placedBy: named,
  authority: z.string(),
  placedAt: z.string(),
  /** Contents that it keeps from being deleted, as of now. */
  payloads: z.number().int(),
  released: z.object({ by: named, askedBy: named, at: z.string() }).nullable(),
  position: z.number().int(),
});
export type HoldView = z.infer<typeof holdView>;
