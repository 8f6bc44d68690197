import { formatDigest } from '@/lib/core/hash';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { openEscalation } from '../escalations/open-escalation';
import { getActivePolicy } from '../policies/get-active-policy';
import { newId, newRandomBytes } from '../random';
import { buildDrill } from './build-drill';
import { findPlannedDrill } from './drill-record';
import { writeScore } from './write-score';

const DUE_AT_ONCE = 20;

/** Shows what was planned and is due, as an escalation like any other; what no longer fits is withdrawn and opened. */
export async function surfaceDrills(tenant: string, { nowMs }: { nowMs: number }): Promise<number> {
  const due = await getPool().query<{ id: string }>(
    `SELECT id FROM drills WHERE tenant = $1 AND state = 'planned' AND surfaces_at <= $2 ORDER BY surfaces_at LIMIT ${DUE_AT_ONCE}`,
    [tenant, new Date(nowMs)],
  );
  let shown = 0;
  for (const { id } of due.rows) if (await surfaceDrill({ tenant, id }, { nowMs })) shown++;
  return shown;
}

async function surfaceDrill(
  at: { tenant: string; id: string },
  { nowMs }: { nowMs: number },
): Promise<boolean> {
  const { tenant } = at;
  return inTransaction(async (tx) => {
    const drill = await findPlannedDrill(tx, at);
    if (!drill) return false;
    const policy = await getActivePolicy(tenant, nowMs, tx);
    const { model, recipe } = drill;
    const built = await buildDrill(tx, { tenant, model, recipe, policy, nowMs });
    if (!built) {
      await writeScore(tx, { drill, escalation: null, result: 'withdrawn', answer: null, nowMs });
      return false;
    }
    const { decision } = built;
    const payload = await tx.query<{ subjects: string[] }>(
      'SELECT subjects FROM payloads WHERE tenant = $1 AND ref = $2',
      [tenant, built.model.actionRef],
    );
    const escalation = await openEscalation(tx, {
      tenant,
      gateway: built.model.gateway,
      gatewayKey: built.model.gatewayKey,
      idempotencyKey: newId('lnk', nowMs),
      requestDigest: formatDigest('sha-256', newRandomBytes(32)),
      evaluation: {
        id: newId('evl', nowMs),
        control: decision.control,
        rule: decision.rule,
        reasonCode: decision.reasonCode,
        tier: decision.tier,
        policy: { id: policy.id, version: policy.version, digest: policy.digest },
        quorum: decision.quorum,
        measured: decision.measured,
        budgets: decision.budgets,
      },
      policy,
      action: built.action,
      evidence: built.evidence,
      recommendation: built.recommendation,
      subjects: built.subjects,
      // Its texts came from the model's: whatever erases those erases these.
      ...(payload.rows[0] ? { keptFor: payload.rows[0].subjects } : {}),
      decisionId: undefined,
      instance: drill.instance,
      expiresAtMs: nowMs + policy.document.review.waitMinutes * 60_000,
      nowMs,
    });
    await tx.query(
      `UPDATE drills SET state = 'waiting', escalation = $3, clue = $4 WHERE tenant = $1 AND id = $2`,
      [tenant, drill.id, escalation, built.clue],
    );
    return true;
  });
}
