import { type AlertKind, alertSettings } from '@/lib/analytics/alert-rule';
import { type AlertReading, decideAlert } from '@/lib/analytics/judge-alert';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { describeError } from '../describe-error';
import { type Measurement, measureRule } from './measure-rule';
import { closeAlert, raiseAlert } from './raise-alert';

interface OpenAlert {
  id: string;
  scope: string;
  clear_since: Date | null;
}

/**
 * Measures every enabled rule of every organisation (or one) and opens and closes alerts. One process at a time does so;
 * the others find the lock taken and do nothing.
 * @returns how many were opened and closed here; null when somebody else is at it
 */
export async function evaluateAlerts({
  nowMs = clockNowMs(),
  tenant = null,
}: {
  nowMs?: number;
  tenant?: string | null;
} = {}): Promise<{ opened: number; closed: number } | null> {
  return inTransaction(async (tx) => {
    const lock = await tx.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtextextended('countersign/alerts/leader', 0)) AS mine",
    );
    if (!lock.rows[0]?.mine) return null;
    const rules = await tx.query<{ tenant: string; id: string; kind: AlertKind; settings: unknown }>(
      `SELECT tenant, id, kind, settings FROM alert_rules WHERE enabled AND ($1::text IS NULL OR tenant = $1)
        ORDER BY tenant, id`,
      [tenant],
    );
    const total = { opened: 0, closed: 0 };
    for (const rule of rules.rows) {
      try {
        const settings = alertSettings.parse(rule.settings);
        const measured = await measureRule(rule.tenant, settings, nowMs);
        const done = await applyMeasurements({ ...rule, rule: rule.id }, measured, nowMs);
        total.opened += done.opened;
        total.closed += done.closed;
      } catch (error) {
        // One rule that cannot be measured keeps nobody from the others.
        console.error('an alert rule could not be evaluated', rule.tenant, rule.id, describeError(error));
      }
    }
    return total;
  });
}

async function applyMeasurements(
  about: { tenant: string; rule: string; kind: AlertKind },
  measurements: readonly Measurement[],
  nowMs: number,
): Promise<{ opened: number; closed: number }> {
  const found = await getPool().query<OpenAlert>(
    'SELECT id, scope, clear_since FROM alerts WHERE tenant = $1 AND rule = $2 AND closed_at IS NULL',
    [about.tenant, about.rule],
  );
  const done = { opened: 0, closed: 0 };
  for (const measurement of measurements) {
    const open = found.rows.some(({ scope }) => scope === measurement.scope);
    if (!open && decideAlert(null, measurement.reading, nowMs) === 'open')
      done.opened += (await raiseAlert(about, measurement, nowMs)) ? 1 : 0;
  }
  for (const open of found.rows) {
    // What a rule no longer finds is clear.
    const reading = measurements.find(({ scope }) => scope === open.scope)?.reading ?? 'clear';
    done.closed += (await follow(about, open, reading, nowMs)) ? 1 : 0;
  }
  return done;
}

async function follow(
  about: { tenant: string; rule: string },
  open: OpenAlert,
  reading: AlertReading,
  nowMs: number,
): Promise<boolean> {
  const step = decideAlert({ clearSinceMs: open.clear_since?.getTime() ?? null }, reading, nowMs);
  if (step === 'close') return closeAlert({ ...about, id: open.id }, 'cleared', nowMs);
  if (step === 'mark-clear' || step === 'unmark')
    await getPool().query('UPDATE alerts SET clear_since = $2 WHERE id = $1 AND closed_at IS NULL', [
      open.id,
      step === 'unmark' ? null : new Date(nowMs),
    ]);
  return false;
}
