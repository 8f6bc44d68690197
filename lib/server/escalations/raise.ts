import { decideRaise, type RaiseDecision } from '@/lib/escalations/decide-raise';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { describeError } from '../describe-error';
import { getPolicyVersion } from '../policies/get-active-policy';
import { type EscalationRecord, findEscalation } from './escalation-record';
import { listEligible, readPeople, type TenantPeople } from './list-eligible';
import { writeRaised } from './write-raised';

const BATCH = 200;
const RETRY_MS = 60_000;

/**
 * Looks at every pending escalation whose time for it has come, of every tenant (or one): what nobody may decide, or
 * nobody took in time, goes to the next higher authority. Nothing is decided here.
 * @returns how many were raised
 */
export async function raiseDue({
  nowMs = clockNowMs(),
  tenant = null,
}: {
  nowMs?: number;
  tenant?: string | null;
} = {}): Promise<number> {
  let raised = 0;
  for (;;) {
    const due = await getPool().query<{ tenant: string; id: string; created_at: Date }>(
      `SELECT tenant, id, created_at FROM escalations
        WHERE state = 'pending' AND raise_check_at <= $1 AND expires_at > $1 AND ($2::text IS NULL OR tenant = $2)
        ORDER BY raise_check_at LIMIT ${BATCH}`,
      [new Date(nowMs), tenant],
    );
    // People are read once for all of one tenant's; the escalation itself is read again under its lock.
    const people = new Map<string, TenantPeople>();
    for (const at of due.rows) {
      // Links that ended count as for the oldest of them: at worst compliance is told of one that somebody may decide.
      const sinceMs = Math.min(
        ...due.rows.flatMap((each) => (each.tenant === at.tenant ? [each.created_at.getTime()] : [])),
      );
      const read = people.get(at.tenant) ?? (await readPeople(getPool(), at.tenant, { nowMs, sinceMs }));
      people.set(at.tenant, read);
      try {
        if (await raiseOne(at, read, nowMs)) raised++;
      } catch (error) {
        // One that cannot be read must not keep the others from being raised.
        console.error('raising failed', describeError(error));
        await checkAgainAt(getPool(), at, nowMs + RETRY_MS);
      }
    }
    if (due.rows.length < BATCH) return raised;
  }
}

async function raiseOne(
  at: { tenant: string; id: string },
  people: TenantPeople,
  nowMs: number,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, at, { lock: true });
    if (escalation?.state !== 'pending') return false;
    const decision = await decideFor(tx, escalation, people);
    await checkAgainAt(tx, at, decision.nextCheckMs);
    if (decision.kind === 'wait') return false;
    await writeRaised(tx, escalation, { to: decision.to, reason: decision.reason, atMs: nowMs });
    return true;
  });
}

async function checkAgainAt(tx: Tx, at: { tenant: string; id: string }, atMs: number | null): Promise<void> {
  await tx.query('UPDATE escalations SET raise_check_at = $3 WHERE id = $1 AND tenant = $2', [
    at.id,
    at.tenant,
    atMs === null ? null : new Date(atMs),
  ]);
}

async function decideFor(tx: Tx, escalation: EscalationRecord, people: TenantPeople): Promise<RaiseDecision> {
  const { tenant, policy, raised, lease, createdAtMs } = escalation;
  const { document } = await getPolicyVersion(tenant, policy.id, policy.version, tx);
  const last = await tx.query<{ at: Date | null }>(
    'SELECT max(decided_at) AS at FROM reviews WHERE escalation = $1 AND tenant = $2',
    [escalation.id, tenant],
  );
  const eligible = await listEligible(tx, escalation, people);
  return decideRaise({
    nowMs: people.nowMs,
    sinceMs: Math.max(createdAtMs, last.rows[0]?.at?.getTime() ?? 0, raised?.atMs ?? 0),
    raisedTo: raised?.to ?? null,
    leaseUntilMs: lease?.untilMs ?? null,
    afterMinutes: document.review.escalateAfterMinutes,
    eligible: eligible.map(({ role }) => role),
    lasting: eligible.some(({ lasting }) => lasting),
  });
}
