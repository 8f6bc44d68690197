import type { PolicyDecision } from '@/lib/policy/decide-policy';
import type { Tx } from '../database/transaction';
import type { ActivePolicy } from '../policies/get-active-policy';
import type { EvaluationCaller } from './evaluation-caller';

/** An answer of the decision point, about to be kept. */
export interface MadeEvaluation {
  id: string;
  decision: PolicyDecision;
  policy: ActivePolicy;
  actionDigest: string;
  expiresAtMs: number;
}

/** The reason may be an earlier evaluation's, kept as text. */
type Kept = Omit<PolicyDecision, 'reasonCode' | 'facts' | 'sentence'> & { reasonCode: string };

/** Keeps an evaluation: what a request may build on, and what its gateway was told. */
export async function insertEvaluation(
  tx: Tx,
  caller: Pick<EvaluationCaller, 'tenant' | 'producerId'>,
  made: Omit<MadeEvaluation, 'decision'> & { decision: Kept },
  nowMs: number,
): Promise<void> {
  const { decision, policy } = made;
  await tx.query({
    name: 'insert-evaluation',
    text: `INSERT INTO evaluations
             (id, tenant, gateway, action_digest, verdict, control, rule, reason_code, tier, requestable,
              policy_id, policy_version, policy_digest, quorum, measured, budgets, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    values: [
      made.id,
      caller.tenant,
      caller.producerId,
      made.actionDigest,
      decision.verdict,
      decision.control,
      decision.rule,
      decision.reasonCode,
      decision.tier,
      decision.requestable,
      policy.id,
      policy.version,
      policy.digest,
      JSON.stringify(decision.quorum),
      JSON.stringify(decision.measured),
      JSON.stringify(decision.budgets),
      new Date(nowMs),
      new Date(made.expiresAtMs),
    ],
  });
}
