/** The console's answers as this client reads them: what it needs is checked, what it does not know is passed over. */
import { z } from 'zod';

const text = z.string().max(65_536);
const verdict = z.enum(['allow', 'refuse', 'escalate', 'defer']);

export const problemDocument = z.object({
  code: z.string().max(64),
  detail: z.string().max(2000).optional(),
});

export const evaluationAnswer = z
  .object({
    decision: z.boolean(),
    context: z.object({
      evaluation_id: text,
      verdict,
      control: text,
      rule: text,
      reason_code: text,
      tier: z.enum(['reversible', 'bounded', 'unbounded']),
      action_digest: text,
      policy: z.object({ id: text, version: z.number().int(), digest: text }),
      budgets: z.array(
        z.object({
          name: text,
          measure: text,
          window: text,
          unit: text,
          used: text,
          this_action: text,
          limit: text,
        }),
      ),
      access_request: z
        .object({
          evaluation_id: text,
          expires_at: text,
          quorum: z
            .array(z.object({ role: text, count: z.number().int().min(1).max(16) }))
            .min(1)
            .max(8),
          break_glass: z.boolean(),
        })
        .optional(),
    }),
  })
  .refine(
    ({ decision, context }) => decision === (context.verdict === 'allow'),
    'decision and verdict differ',
  );

export const taskAnswer = z.object({
  id: text,
  status: z.enum(['pending', 'approved', 'denied', 'expired', 'cancelled', 'failed', 'partial']),
  progress: z.object({
    approvals: z.number().int(),
    needed: z.number().int(),
    information_requested: z.array(z.object({ id: text, question: text, asked_at: text })).optional(),
  }),
  expires_at: text,
  action_digest: text.optional(),
  result: z
    .object({
      approval: z.object({ id: text, approved_at: text, approved_until: text, state: text }).optional(),
      denial: z.object({ reason_code: text }).optional(),
      superseded: z.object({ id: text, action: z.unknown().optional() }).optional(),
    })
    .optional(),
});

export const receiptAnswer = z.object({
  approval_id: text,
  redeemed_at: text,
  action_digest: text,
  record: z.object({ stream: text, position: z.number().int(), link: text }),
});

export const outcomeAnswer = z.object({ approval_id: text, state: text });

export const recordAnswer = z.object({
  line: z.number().int(),
  status: z.enum(['accepted', 'duplicate', 'refused']),
  code: z.string().optional(),
  detail: z.string().optional(),
  position: z.number().int().optional(),
  note: z.string().optional(),
});

export const versionAnswer = z.object({ digest: text });
export const payloadAnswer = z.object({ ref: text, digest: text });
