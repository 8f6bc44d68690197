import { formatInstant } from '@/lib/core/instant';
import type { FrameView } from '@/lib/escalations/escalation-view';
import { holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import type { WitnessRule } from '@/lib/policy/witness-rule';
import { countOpenAlerts } from '../alerts/list-alerts';
import { findOpenBreakGlass } from '../break-glass/find-open';
import { nowMs as clockNowMs } from '../clock';
import { findOpenCondition } from '../conditions/find-open-condition';
import { getPool } from '../database/pool';
import { getLogHealth, type LogHealth } from '../log/get-log-health';
import type { Reviewer } from '../reviews/reviewer';
import { findWitnessRule, isUnwitnessed } from '../witnesses/find-witness-rule';

/** What every page shows: how many wait, and whether the log runs and the evidence behind actions is whole. */
export async function getFrame(viewer: Reviewer, { nowMs = clockNowMs() } = {}): Promise<FrameView> {
  const tenant = viewer.tenant.id;
  const waiting = await getPool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM escalations WHERE tenant = $1 AND state = 'pending' AND expires_at > $2`,
    [tenant, new Date(nowMs)],
  );
  const rule = await findWitnessRule(tenant, nowMs);
  const health = await getLogHealth(getPool(), { required: rule.required, nowMs });
  const { witnesses } = health;
  const finding = health.haltedCode
    ? `The log is halted: ${health.haltedCode}.`
    : await findOpenCondition(tenant);
  return {
    queueCount: waiting.rows[0]?.n ?? 0,
    ...(holdsRole(viewer.roles, PAGE_ROLES.insights) ? { alerts: await countOpenAlerts(tenant) } : {}),
    ...(await getBreakGlass(tenant, nowMs)),
    integrity: {
      treeSize: health.treeSize,
      witnessedAt: witnesses.lastAt ? formatInstant(witnesses.lastAt.getTime()) : null,
      witnessesOk: witnesses.ok,
      witnessesTotal: witnesses.total,
      unwitnessedSince: witnesses.unwitnessedSince
        ? formatInstant(witnesses.unwitnessedSince.getTime())
        : null,
      state: stateOf(health, finding, rule, nowMs),
      ...(finding ? { finding } : {}),
    },
  };
}

/** What is open now, and what compliance still owes. */
async function getBreakGlass(
  tenant: string,
  nowMs: number,
): Promise<Pick<FrameView, 'breakGlass' | 'breakGlassReviews'>> {
  const open = await findOpenBreakGlass(getPool(), tenant, nowMs);
  const owed = await getPool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM break_glasses
      WHERE tenant = $1 AND reviewed_at IS NULL AND (closed_at IS NOT NULL OR until_at <= $2)`,
    [tenant, new Date(nowMs)],
  );
  return {
    breakGlass: open ? { id: open.id, until: formatInstant(open.untilMs) } : null,
    breakGlassReviews: owed.rows[0]?.n ?? 0,
  };
}

function stateOf(
  { checkpointAt, witnesses }: Pick<LogHealth, 'checkpointAt' | 'witnesses'>,
  finding: string | null,
  rule: WitnessRule,
  nowMs: number,
): FrameView['integrity']['state'] {
  if (finding) return 'invalid';
  if (!checkpointAt) return 'unknown';
  return isUnwitnessed(witnesses, rule, nowMs) ? 'unwitnessed' : 'valid';
}
