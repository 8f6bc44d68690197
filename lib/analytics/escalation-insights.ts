/** What became of escalations: every end by its own name, how long decisions took, and which rules people always lift. */
import { z } from 'zod';
import { rateOf } from './wilson';

const n = z.number().int().nonnegative();

/** Upper bounds of the classes of time to decision, in seconds; the last class is open. */
export const DECIDE_BOUNDS_S = [30, 60, 120, 300, 600, 1_800, 3_600, 14_400] as const;

export const ruleEnds = z.object({
  rule: z.string(),
  control: z.string(),
  asked: n,
  approved: n,
  denied: n,
  expired: n,
  withdrawn: n,
  pending: n,
});
export type RuleEnds = z.infer<typeof ruleEnds>;

export const escalationInsights = z.object({
  from: z.string(),
  to: z.string(),
  ends: z.object({ approved: n, denied: n, expired: n, cancelled: n, superseded: n, pending: n }),
  /** Of the approvals: what their gateways did with them. */
  approvals: z.object({ redeemed: n, revoked: n, unused: n, open: n }),
  /** Refused and deferred by the policy, without anybody being asked. */
  policy: z.object({ refused: n, deferred: n }),
  /** From submission to the end, by class of `DECIDE_BOUNDS_S`, one more for the open class. */
  timeToDecide: z.array(z.object({ approved: n, denied: n })),
  quantilesMs: z.object({ p50: z.number(), p90: z.number() }).nullable(),
  /** Those that asked most; `ruleCount` says how many there are. */
  rules: z.array(ruleEnds),
  ruleCount: n,
});
export type EscalationInsights = z.infer<typeof escalationInsights>;

const LEAST_DECIDED = 20;
const NEARLY_ALWAYS = 0.9;

/**
 * True for a rule that asks people about what they nearly always lift: with 95 % confidence they approve at least nine in
 * ten. Such a rule costs attention that others need; of few decisions nothing is said.
 */
export function overFires({ approved, denied }: Pick<RuleEnds, 'approved' | 'denied'>): boolean {
  const decided = approved + denied;
  return decided >= LEAST_DECIDED && rateOf(approved, decided).low >= NEARLY_ALWAYS;
}
