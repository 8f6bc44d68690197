import type { AlertSettings } from '@/lib/analytics/alert-rule';
import { writeAlertRule } from '@/lib/server/alerts/write-alert-rule';
import { getPool } from '@/lib/server/database/pool';

const RULES: Record<string, AlertSettings> = {
  'missing-numbers': { kind: 'gaps', olderMinutes: 15 },
  'queue-backlog': { kind: 'backlog', waiting: 40, oldestMinutes: 120 },
  'dwell-collapse': { kind: 'dwell', belowPercent: 50, windowHours: 168, minimum: 20 },
  'refusals-of-a-day': {
    kind: 'rate',
    outcome: 'refuse',
    abovePercent: 25,
    windowHours: 24,
    minimum: 20,
    agent: null,
    control: null,
  },
};
/** A ward's index is new every hour; at the bank a version without a record is news. */
const BANK_RULES: Record<string, AlertSettings> = { 'unannounced-versions': { kind: 'unannounced' } };

/** The rules that a demo organisation begins with. What is there already stays as it is. */
export async function setUpAlerts(tenant: string, atMs: number): Promise<void> {
  const found = await getPool().query('SELECT 1 FROM alert_rules WHERE tenant = $1 LIMIT 1', [tenant]);
  if (found.rowCount) return;
  const rules = { ...RULES, ...(tenant === 'harbour-bank' ? BANK_RULES : {}) };
  for (const [id, settings] of Object.entries(rules))
    await writeAlertRule(
      { tenant, by: 'setup', rule: { id, settings, enabled: true }, replace: false },
      { nowMs: atMs },
    );
}
