import type { Tx } from '../database/transaction';

const AT_ONCE = 500;
/** Each wait is twice the last: what a decision is late by, it is found after twice that time. 22 of them: 48 days. */
const TRIES = 22;

/** The decision that an owner is, or that its escalation, or its approval's escalation, asks for. */
const JOIN_LATE_MARKS = `WITH due AS (
    SELECT tenant, owner, kind, value, tries FROM late_marks
     WHERE try_at <= $1 ORDER BY try_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED),
  named AS (
    SELECT tenant, kind, value, owner AS decision FROM due
    UNION SELECT d.tenant, d.kind, d.value, e.target FROM due d
      JOIN edges e ON e.tenant = d.tenant AND e.source = d.owner AND e.kind = 'escalates'
    UNION SELECT d.tenant, d.kind, d.value, e.target FROM due d
      JOIN edges a ON a.tenant = d.tenant AND a.source = d.owner AND a.kind = 'approves'
      JOIN edges e ON e.tenant = a.tenant AND e.source = a.target AND e.kind = 'escalates'),
  joined AS (
    INSERT INTO decision_marks (tenant, kind, value, occurred_at, id)
    SELECT n.tenant, n.kind, n.value, d.occurred_at, d.id FROM named n JOIN decisions d ON d.id = n.decision AND d.tenant = n.tenant
    ON CONFLICT DO NOTHING)
  UPDATE late_marks l SET tries = l.tries + 1,
    try_at = CASE WHEN l.tries < ${TRIES} THEN $1::timestamptz + (2 ^ l.tries) * interval '1 second' END
  FROM due WHERE (l.tenant, l.owner, l.kind, l.value) = (due.tenant, due.owner, due.kind, due.value)`;

/**
 * Joins marks that are due to their decisions. A mark is tried again whether or not it found one: an escalation may have
 * several decisions, and a first claim must not keep the true one from being found.
 * @returns how many were tried, 500 at most
 */
export async function joinLateMarks(tx: Tx, nowMs: number): Promise<number> {
  const tried = await tx.query({
    name: 'join-late-marks',
    text: JOIN_LATE_MARKS,
    values: [new Date(nowMs)],
  });
  return tried.rowCount ?? 0;
}
