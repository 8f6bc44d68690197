import type { AlertKind } from '@/lib/analytics/alert-rule';
import { inTransaction } from '../database/transaction';
import { notify } from '../notifications/notify';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Measurement } from './measure-rule';

/**
 * Opens an alert: the row, its record in the chain and the notice to people, or none of them. While one is open for the
 * same rule and thing, nothing more is said; the unique index is the arbiter.
 * @returns whether it was opened here
 */
export async function raiseAlert(
  about: { tenant: string; rule: string; kind: AlertKind },
  { scope, measured }: Measurement,
  nowMs: number,
): Promise<boolean> {
  const { tenant, rule, kind } = about;
  return inTransaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`countersign/alerts/${tenant}`]);
    const open = await tx.query(
      'SELECT 1 FROM alerts WHERE tenant = $1 AND rule = $2 AND scope = $3 AND closed_at IS NULL',
      [tenant, rule, scope],
    );
    if (open.rowCount) return false;
    const id = newId('alt', nowMs);
    const record = await journal(tx, {
      tenant,
      kind: 'alert.opened',
      id: `${id}:opened`,
      body: {
        alert_id: id,
        rule,
        alert_kind: kind,
        scope,
        measured: { ...measured, n: measured.n ?? undefined },
      },
      occurredAtMs: nowMs,
    });
    await tx.query(
      `INSERT INTO alerts (id, tenant, rule, kind, scope, measured, opened_at, stream, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        tenant,
        rule,
        kind,
        scope,
        JSON.stringify(measured),
        new Date(nowMs),
        record.stream,
        record.position,
      ],
    );
    await notify(tx, { tenant, kind: 'alert', ref: id, rule, path: `/insights?alert=${id}`, nowMs });
    return true;
  });
}

/** Closes an open alert with a record; false when it is closed already. */
export async function closeAlert(
  about: { tenant: string; id: string; rule: string },
  closing: 'cleared' | 'rule-changed',
  nowMs: number,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const closed = await tx.query(
      'UPDATE alerts SET closed_at = $3, closing = $4 WHERE id = $1 AND tenant = $2 AND closed_at IS NULL',
      [about.id, about.tenant, new Date(nowMs), closing],
    );
    if (!closed.rowCount) return false;
    await journal(tx, {
      tenant: about.tenant,
      kind: 'alert.closed',
      id: `${about.id}:closed`,
      body: { alert_id: about.id, rule: about.rule, closing },
      occurredAtMs: nowMs,
    });
    return true;
  });
}
