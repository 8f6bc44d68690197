/**
 * Wire shapes of the access request service (formats.md §7, after the AuthZEN Access Request and Approval Profile,
 * draft 1): what a gateway sends and what it is answered. Snake case, instants in RFC 3339 with milliseconds.
 */
import { z } from 'zod';
import { actionDigestText, foreignId, instant, subjectRef } from '@/lib/decisions/record-payload';
import { evidenceSchema } from '@/lib/escalations/escalation-view';
import { recommendationSchema } from '@/lib/escalations/flow-view';

/** The four members whose canonical bytes are signed; each is read strictly by lib/tokens/action. */
const actionMembers = {
  subject: z.record(z.string(), z.unknown()),
  resource: z.record(z.string(), z.unknown()),
  action: z.record(z.string(), z.unknown()),
  context: z.record(z.string(), z.unknown()),
};

/** Header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): one spelling, no quotes. */
export const idempotencyKey = z.string().regex(/^[A-Za-z0-9._:-]{8,128}$/);

/** POST /access/v1/requests, at most 256 KiB. */
export const submitRequest = z.strictObject({
  ...actionMembers,
  evaluation_id: foreignId,
  expires_at: instant.optional(),
  evidence: evidenceSchema.optional(),
  decision_id: foreignId.optional(),
  subjects: z.array(subjectRef).max(64).optional(),
  /** A machine's opinion; reviewers see it after their own first impression. */
  recommendation: recommendationSchema.optional(),
  /** Where to tell that the task changed: an address registered for this gateway. */
  callback: z.strictObject({ url: z.string().max(500) }).optional(),
});
export type SubmitRequest = z.infer<typeof submitRequest>;

export const TASK_STATUSES = [
  'pending',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'failed',
  'partial',
] as const;

/** A task as the gateway sees it; `result.approval.state` is the approval token. */
export const accessTask = z.object({
  id: z.string(),
  status: z.enum(TASK_STATUSES),
  progress: z.object({
    approvals: z.number().int(),
    needed: z.number().int(),
    /** Questions of reviewers that nobody has answered; answer at `links.information`. */
    information_requested: z
      .array(z.object({ id: z.string(), question: z.string(), asked_at: instant }))
      .optional(),
  }),
  created_at: instant,
  expires_at: instant,
  ended_at: instant.optional(),
  action_digest: actionDigestText,
  links: z.object({
    self: z.string(),
    cancel: z.string().optional(),
    information: z.string().optional(),
    supersedes: z.string().optional(),
    superseded_by: z.string().optional(),
  }),
  result: z
    .object({
      approval: z
        .object({ id: z.string(), approved_at: instant, approved_until: instant, state: z.string() })
        .optional(),
      denial: z.object({ reason_code: z.string() }).optional(),
      /** A person narrowed the action: propose exactly this one. `action` is absent once it was erased. */
      superseded: z.object({ id: z.string(), action: z.object(actionMembers).optional() }).optional(),
    })
    .optional(),
});
export type AccessTask = z.infer<typeof accessTask>;

/** POST /access/v1/approvals/{id}/redeem: the token and the action as it is about to be executed. */
export const redeemRequest = z.strictObject({
  token: z.string().min(1).max(16_384),
  action: z.strictObject(actionMembers),
});
export type RedeemRequest = z.infer<typeof redeemRequest>;

/** The durable record that a receipt points at. `link` is the stream's chain value there, `blake2b-512:hex`. */
export const recordReference = z.object({
  stream: z.string(),
  position: z.number().int().min(1),
  link: z.string(),
});

export const redemptionReceipt = z.object({
  approval_id: z.string(),
  redeemed_at: instant,
  action_digest: actionDigestText,
  record: recordReference,
});
export type RedemptionReceipt = z.infer<typeof redemptionReceipt>;

/** POST /access/v1/approvals/{id}/outcome: what became of the approved action. Only `not_forwarded` may come unredeemed. */
export const outcomeRequest = z.strictObject({
  state: z.enum(['forwarded', 'upstream_error', 'not_forwarded']),
  downstream: z
    .array(
      z.strictObject({ system: z.string().min(1).max(256), type: z.string().min(1).max(256), id: foreignId }),
    )
    .max(64)
    .default([]),
});
export type OutcomeRequest = z.infer<typeof outcomeRequest>;

export const outcomeReceipt = z.object({
  approval_id: z.string(),
  state: outcomeRequest.shape.state,
  reported_at: instant,
  record: z.object({ stream: z.string(), position: z.number().int().min(1) }),
});
export type OutcomeReceipt = z.infer<typeof outcomeReceipt>;
