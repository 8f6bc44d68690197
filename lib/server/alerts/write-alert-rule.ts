import type { WriteAlertRule } from '@/lib/analytics/alert-rule';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { closeAlert } from './raise-alert';

const MOST_RULES = 100;

/**
 * Adds a rule, or with `replace` changes one; a record. Alerts that the old rule opened are closed when it is disabled or
 * asks something else, since it is not what opened them any more. The caller has authorised `by` as an administrator.
 * @throws ServiceError `alert_rule_exists`, `alert_rule_unknown`, `malformed_request` beyond a hundred rules
 */
export async function writeAlertRule(
  input: { tenant: string; by: string; rule: WriteAlertRule; replace: boolean },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, by, rule, replace } = input;
  const settings = JSON.stringify(rule.settings);
  const changed = await inTransaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `countersign/alert-rules/${tenant}`,
    ]);
    const found = await tx.query<{ same: boolean; n: number }>(
      `SELECT r.settings = $3::jsonb AND r.enabled = $4 AS same FROM alert_rules r WHERE r.tenant = $1 AND r.id = $2`,
      [tenant, rule.id, settings, rule.enabled],
    );
    const before = found.rows[0];
    if (!replace && before) throw new ServiceError('alert_rule_exists');
    if (replace && !before) throw new ServiceError('alert_rule_unknown');
    if (before?.same) return false;
    const count = await tx.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM alert_rules WHERE tenant = $1',
      [tenant],
    );
    if (!before && (count.rows[0]?.n ?? 0) >= MOST_RULES)
      throw new ServiceError('malformed_request', `An organisation has at most ${MOST_RULES} rules.`);
    await tx.query(
      `INSERT INTO alert_rules (tenant, id, kind, settings, enabled, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (tenant, id) DO UPDATE SET kind = EXCLUDED.kind, settings = EXCLUDED.settings, enabled = EXCLUDED.enabled,
         changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at`,
      [tenant, rule.id, rule.settings.kind, settings, rule.enabled, by, new Date(nowMs)],
    );
    await journal(tx, {
      tenant,
      kind: 'alert.changed',
      id: newId('rec', nowMs),
      body: { rule: rule.id, by, enabled: rule.enabled, settings: rule.settings },
      occurredAtMs: nowMs,
    });
    return before !== undefined;
  });
  if (!changed) return;
  const open = await getPool().query<{ id: string }>(
    'SELECT id FROM alerts WHERE tenant = $1 AND rule = $2 AND closed_at IS NULL',
    [tenant, rule.id],
  );
  for (const { id } of open.rows) await closeAlert({ tenant, id, rule: rule.id }, 'rule-changed', nowMs);
}
