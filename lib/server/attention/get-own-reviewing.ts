import { findSignals, median } from '@/lib/analytics/reviewing-signals';
import type { OwnReviewing } from '@/lib/attention/attention-view';
import { formatInstant } from '@/lib/core/instant';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import type { Reviewer } from '../reviews/reviewer';
import { findLoad } from './find-load';
import { countDrills } from './get-attention';
import { listReviewFacts } from './list-review-facts';

const DAYS = 30;
const MOST_TOLD = 20;

/** One's own reviewing over thirty days: load, signs, and the drills that were told. */
export async function getOwnReviewing(
  viewer: Reviewer,
  { nowMs = clockNowMs() } = {},
): Promise<OwnReviewing> {
  const at = { tenant: viewer.tenant.id, person: viewer.person.id };
  const fromMs = nowMs - DAYS * 86_400_000;
  const pool = getPool();
  const facts = await listReviewFacts(pool, at.tenant, { fromMs, toMs: nowMs });
  const own = facts.filter(({ person }) => person === at.person);
  const drills = await countDrills(at.tenant, [at.tenant, new Date(fromMs), new Date(nowMs)]);
  const { bad, caught, good, passed } = drills.get(at.person) ?? { bad: 0, caught: 0, good: 0, passed: 0 };
  const told = await pool.query<{
    escalation: string;
    known: 'good' | 'bad';
    result: 'right' | 'wrong';
    clue: string;
    scored_at: Date;
  }>(
    `SELECT s.escalation, d.known, s.result, d.clue, s.scored_at FROM drill_scores s JOIN drills d ON d.id = s.drill
      WHERE s.tenant = $1 AND s.person = $2 AND s.scored_at > $3 AND s.scored_at <= $4
      ORDER BY s.scored_at DESC LIMIT ${MOST_TOLD}`,
    [at.tenant, at.person, new Date(fromMs), new Date(nowMs)],
  );
  return {
    days: DAYS,
    verdicts: own.length,
    approved: own.filter(({ verdict }) => verdict === 'approve').length,
    medianActiveMs: own.length === 0 ? null : median(own.map(({ activeMs }) => activeMs)),
    load: await findLoad(pool, at, { nowMs }),
    signals: findSignals(at.person, facts),
    drills: { bad, caught, good, passed },
    told: told.rows.map(({ scored_at, ...row }) => ({
      ...row,
      scoredAt: formatInstant(scored_at.getTime()),
    })),
  };
}
