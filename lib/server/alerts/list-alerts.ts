import { z } from 'zod';
import { type AlertList, type AlertRuleRow, alertRow, alertRuleRow } from '@/lib/analytics/alert-rule';
import { getPool } from '../database/pool';

const OPEN_SHOWN = 200;
const CLOSED_SHOWN = 50;

/** A tenant's open alerts, newest first, and the latest that closed. */
export async function listAlerts(tenant: string): Promise<AlertList> {
  const columns =
    'id, rule, kind, scope, measured, opened_at, clear_since, closed_at, closing, stream, position';
  const found = await getPool().query(
    `(SELECT ${columns} FROM alerts WHERE tenant = $1 AND closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT ${OPEN_SHOWN})
     UNION ALL
     (SELECT ${columns} FROM alerts WHERE tenant = $1 AND closed_at IS NOT NULL ORDER BY opened_at DESC, id DESC LIMIT ${CLOSED_SHOWN})`,
    [tenant],
  );
  const rows = z.array(alertRow).parse(
    found.rows.map(({ opened_at, clear_since, closed_at, stream, position, ...row }) => ({
      ...row,
      openedAt: opened_at.toISOString(),
      clearSince: clear_since?.toISOString() ?? null,
      closedAt: closed_at?.toISOString() ?? null,
      record: { stream, position },
    })),
  );
  return {
    open: rows.filter(({ closedAt }) => closedAt === null),
    closed: rows.filter(({ closedAt }) => closedAt !== null),
  };
}

/** A tenant's rules, by name. */
export async function listAlertRules(tenant: string): Promise<AlertRuleRow[]> {
  const found = await getPool().query(
    `SELECT r.id, r.settings, r.enabled, r.changed_at, coalesce(p.name, r.changed_by) AS changed_by
       FROM alert_rules r LEFT JOIN people p ON p.id = r.changed_by WHERE r.tenant = $1 ORDER BY r.id`,
    [tenant],
  );
  return z.array(alertRuleRow).parse(
    found.rows.map(({ changed_at, changed_by, ...row }) => ({
      ...row,
      changedAt: changed_at.toISOString(),
      changedBy: changed_by,
    })),
  );
}

/** How many are open, for the frame of every page. */
export async function countOpenAlerts(tenant: string): Promise<number> {
  const found = await getPool().query<{ n: number }>(
    'SELECT count(*)::int AS n FROM alerts WHERE tenant = $1 AND closed_at IS NULL',
    [tenant],
  );
  return found.rows[0]?.n ?? 0;
}
