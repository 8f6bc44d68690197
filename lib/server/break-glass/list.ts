import { formatInstant } from '@/lib/core/instant';
import type { BreakGlassView } from '@/lib/identity/break-glass-requests';
import { holdsRole } from '@/lib/identity/permissions';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { findHumans } from '../identity/find-humans';
import { readText } from '../payloads/read-text';
import { getActivePolicy } from '../policies/get-active-policy';
import { HAS_ENDED } from '../reviews/has-ended';
import type { Reviewer } from '../reviews/reviewer';
import { type BreakGlassRow, breakGlassState } from './break-glass-row';

const SHOWN = 50;

export interface BreakGlassList {
  /** Whether the policy in force opens any at all, for how long, what of, and whether this viewer may ask. */
  rule: { minutes: number; tiers: string[]; relaxes: string[]; mayAsk: boolean } | null;
  items: BreakGlassView[];
}

/** What is open, what waits for its review afterwards (all of it), and the newest others. */
export async function listBreakGlasses(
  viewer: Reviewer,
  { nowMs = clockNowMs() } = {},
): Promise<BreakGlassList> {
  const tenant = viewer.tenant.id;
  const pool = getPool();
  const found = await pool.query<BreakGlassRow & Names>(
    `SELECT b.*, asker.name AS asker_name, opener.name AS opener_name, reviewer.name AS reviewer_name,
            ARRAY(SELECT DISTINCT r.escalation FROM reviews r WHERE r.tenant = b.tenant AND r.break_glass = b.id AND ${HAS_ENDED}) AS used,
            ARRAY(SELECT DISTINCT r.person FROM reviews r WHERE r.tenant = b.tenant AND r.break_glass = b.id) AS deciders
       FROM break_glasses b LEFT JOIN people asker ON asker.id = b.asked_by
       LEFT JOIN people opener ON opener.id = b.opened_by LEFT JOIN people reviewer ON reviewer.id = b.reviewed_by
      WHERE b.tenant = $1 AND (b.opened_at IS NOT NULL AND b.reviewed_at IS NULL OR b.id IN (
            SELECT id FROM break_glasses WHERE tenant = $1 ORDER BY asked_at DESC LIMIT ${SHOWN}))
      ORDER BY b.asked_at DESC, b.id`,
    [tenant],
  );
  const rule = await findRule(viewer, nowMs);
  const items: BreakGlassView[] = [];
  for (const row of found.rows) {
    const text = (ref: string) => readText(pool, { tenant, ref });
    items.push({
      ...formatView(row, { viewer, rule, apart: await isApart(row, viewer), nowMs }),
      reasonText: await text(row.reason_ref),
      findingText: row.finding_ref ? await text(row.finding_ref) : null,
    });
  }
  return { rule, items };
}

interface Names {
  asker_name: string | null;
  opener_name: string | null;
  reviewer_name: string | null;
  used: string[];
  deciders: string[];
}

async function findRule(viewer: Reviewer, nowMs: number): Promise<BreakGlassList['rule']> {
  try {
    const { document } = await getActivePolicy(viewer.tenant.id, nowMs, getPool());
    const rule = document.review.breakGlass;
    if (!rule?.enabled) return null;
    const { minutes, tiers, relaxes } = rule;
    return {
      minutes,
      tiers,
      relaxes,
      mayAsk: holdsRole(viewer.roles, rule.roles) && !viewer.roles.includes('admin'),
    };
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'policy_missing') return null;
    throw error;
  }
}

/** Whether the viewer, under none of their accounts, asked for it, opened it or decided under it; for what still waits. */
async function isApart(row: BreakGlassRow & Names, viewer: Reviewer): Promise<boolean> {
  if (row.reviewed_at) return false;
  const { humanOf } = await findHumans(getPool(), row.tenant, row.asked_at.getTime());
  const involved = [row.asked_by, ...(row.opened_by ? [row.opened_by] : []), ...row.deciders];
  return !involved.some((each) => humanOf(each) === humanOf(viewer.person.id));
}

function formatView(
  row: BreakGlassRow & Names,
  {
    viewer,
    rule,
    apart,
    nowMs,
  }: { viewer: Reviewer; rule: BreakGlassList['rule']; apart: boolean; nowMs: number },
): Omit<BreakGlassView, 'reasonText' | 'findingText'> {
  const state = breakGlassState(row, nowMs);
  const at = (date: Date | null) => (date ? formatInstant(date.getTime()) : null);
  return {
    id: row.id,
    state,
    askedBy: row.asker_name ?? row.asked_by,
    askedAt: formatInstant(row.asked_at.getTime()),
    confirmBy: formatInstant(row.confirm_by.getTime()),
    reasonCode: row.reason_code,
    openedBy: row.opener_name ?? row.opened_by,
    openedAt: at(row.opened_at),
    until: at(earlier(row.closed_at, row.until_at)),
    tiers: row.tiers,
    relaxes: row.relaxes,
    used: row.used,
    reviewDueAt: at(row.review_due_at),
    reviewedBy: row.reviewer_name ?? row.reviewed_by,
    finding: row.finding,
    may: {
      confirm: state === 'asked' && rule?.mayAsk === true && apart,
      close: state === 'open' && holdsRole(viewer.roles, ['reviewer', 'senior_reviewer', 'compliance']),
      review:
        (state === 'review_due' || state === 'review_overdue') &&
        viewer.roles.includes('compliance') &&
        apart,
    },
  };
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a < b ? a : b) : (a ?? b);
}
