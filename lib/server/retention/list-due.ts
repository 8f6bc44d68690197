import { PAYLOAD_KINDS, type RetentionSchedule } from '@/lib/retention/schedule';
import type { DueView } from '@/lib/retention/vault-overview';
import type { Tx } from '../database/transaction';
import { PAYLOAD_IS_HELD, SUBJECT_IS_HELD } from '../holds/hold-conditions';

const DAY_MS = 86_400_000;
const SOON_MS = 30 * DAY_MS;

interface Counts {
  kept: number;
  due_soon: number;
  held: number;
  next_at: Date | null;
}

/** What is kept of each kind, and what of it is due within 30 days, before any of it is deleted. */
export async function listDue(
  tx: Tx,
  tenant: string,
  schedule: RetentionSchedule,
  nowMs: number,
): Promise<DueView[]> {
  const [now, soon] = [new Date(nowMs), new Date(nowMs + SOON_MS)];
  const payloads = await tx.query<Counts & { kind: string }>(
    `SELECT p.kind, count(*)::int AS kept, count(*) FILTER (WHERE p.expires_at <= $3)::int AS due_soon,
            count(*) FILTER (WHERE p.expires_at <= $2 AND ${PAYLOAD_IS_HELD})::int AS held,
            min(p.expires_at) FILTER (WHERE p.expires_at > $2) AS next_at
       FROM payloads p WHERE p.tenant = $1 GROUP BY p.kind`,
    [tenant, now, soon],
  );
  const views = PAYLOAD_KINDS.map((kind) =>
    toView(
      kind,
      schedule[kind] === null,
      payloads.rows.find((row) => row.kind === kind),
    ),
  );
  return [...views, await countIdentifiers(tx, tenant, schedule.identifier, nowMs)];
}

async function countIdentifiers(
  tx: Tx,
  tenant: string,
  days: number | null,
  nowMs: number,
): Promise<DueView> {
  const kept = days === null ? null : days * DAY_MS;
  const { rows } = await tx.query<Counts>(
    `WITH s AS (SELECT i.tenant, i.token, greatest(i.created_at, (SELECT max(d.occurred_at) FROM decision_subjects d
         WHERE d.tenant = i.tenant AND d.token = i.token)) AS since FROM vault.identifiers i WHERE i.tenant = $1)
     SELECT count(*)::int AS kept, count(*) FILTER (WHERE s.since <= $2)::int AS due_soon,
            count(*) FILTER (WHERE s.since <= $3 AND ${SUBJECT_IS_HELD})::int AS held, NULL::timestamptz AS next_at FROM s`,
    [
      tenant,
      kept === null ? null : new Date(nowMs + SOON_MS - kept),
      kept === null ? null : new Date(nowMs - kept),
    ],
  );
  return toView('identifier', kept === null, rows[0]);
}

function toView(kind: DueView['kind'], endless: boolean, counts: Counts | undefined): DueView {
  return {
    kind,
    kept: counts?.kept ?? 0,
    dueSoon: counts?.due_soon ?? 0,
    held: counts?.held ?? 0,
    nextAt: endless ? null : (counts?.next_at?.toISOString() ?? null),
  };
}
