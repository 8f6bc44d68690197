import { decideRaise, type RaiseDecision } from '@/lib/escalations/decide-raise';
import { mayDecide } from '@/lib/escalations/eligibility';
import { findOpenBreakGlass } from '../break-glass/find-open';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { findLent } from '../delegations/find-lent';
import { describeError } from '../describe-error';
import { findHumans } from '../identity/find-humans';
import { getPolicyVersion } from '../policies/get-active-policy';
import { newId } from '../random';
import { journal } from '../records/journal';
import { formatEligibilityInput, type PeopleRead } from '../reviews/eligibility-input';
import { findStandings } from '../reviews/find-standings';
import { findVerdicts } from '../reviews/find-verdicts';
import { announceRaised } from './announce-raised';
import { type EscalationRecord, findEscalation } from './escalation-record';

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

type TenantPeople = Omit<PeopleRead, 'verdicts'>;

async function readPeople(
  tx: Tx,
  tenant: string,
  { nowMs, sinceMs }: { nowMs: number; sinceMs: number },
): Promise<TenantPeople> {
  return {
    humans: await findHumans(tx, tenant, sinceMs),
    lent: await findLent(tx, tenant, 'anybody', nowMs),
    standings: await findStandings(tx, tenant, 'deciding', sinceMs),
    breakGlass: await findOpenBreakGlass(tx, tenant, nowMs),
    nowMs,
  };
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
    await writeRaised(tx, escalation, decision, nowMs);
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
  const verdicts = await findVerdicts(tx, escalation);
  const last = await tx.query<{ at: Date | null }>(
    'SELECT max(decided_at) AS at FROM reviews WHERE escalation = $1 AND tenant = $2',
    [escalation.id, tenant],
  );
  const eligible = [...people.standings.keys()].flatMap((person) => {
    const may = mayDecide(formatEligibilityInput(person, escalation, { ...people, verdicts }));
    if (!may.ok) return [];
    const { role, delegation, breakGlass } = may.value;
    const isOwn = delegation === null && breakGlass === null;
    return [{ role, lasting: isOwn && people.standings.get(person)?.authority?.hours === null }];
  });
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

async function writeRaised(
  tx: Tx,
  escalation: EscalationRecord,
  { to, reason }: Extract<RaiseDecision, { kind: 'raise' }>,
  nowMs: number,
): Promise<void> {
  const { id, tenant } = escalation;
  await tx.query(
    'UPDATE escalations SET raised_at = $3, raised_to = $4, raised_reason = $5 WHERE id = $1 AND tenant = $2',
    [id, tenant, new Date(nowMs), to, reason],
  );
  await announceRaised(tx, escalation, { to, atMs: nowMs });
  await journal(tx, {
    tenant,
    kind: 'escalation.raised',
    id: newId('rec', nowMs),
    body: {
      escalation_id: id,
      decision_id: escalation.decision ?? undefined,
      raised_to: to,
      reason_code: reason,
      action_digest: escalation.actionDigest,
    },
    occurredAtMs: nowMs,
  });
}
