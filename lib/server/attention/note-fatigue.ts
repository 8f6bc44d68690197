import { findSignals, type ReviewingSignalName } from '@/lib/analytics/reviewing-signals';
import type { AttentionRules } from '@/lib/policy/attention-rules';
import type { Tx } from '../database/transaction';
import type { Reviewer } from '../reviews/reviewer';
import { findFatigue } from './find-fatigue';
import { listReviewFacts } from './list-review-facts';
import { recordAttentionEvent } from './record-event';

/** Signs that may come and go within a day; the others are about weeks and change nothing at once. */
const TIRING: ReadonlySet<ReviewingSignalName> = new Set([
  'fast_approvals',
  'falling_dwell',
  'uniform_timing',
]);
const WINDOW_MS = 12 * 3_600_000;
/** Fewer verdicts than this in the window show nothing, so nothing needs to be read for them. */
const FEWEST = 12;

/**
 * After a verdict: notes a sign of fatigue, once in four hours, so that the policy's remedy holds from the next case on.
 * @param given.rules those of the policy in force
 */
export async function noteFatigue(
  tx: Tx,
  viewer: Reviewer,
  { rules, nowMs }: { rules: AttentionRules | null; nowMs: number },
): Promise<void> {
  const at = { tenant: viewer.tenant.id, person: viewer.person.id };
  if (!rules || rules.whenFatigued === 'nothing') return;
  const recent = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM reviews WHERE tenant = $1 AND person = $2 AND decided_at > $3 AND decided_at <= $4',
    [at.tenant, at.person, new Date(nowMs - WINDOW_MS), new Date(nowMs)],
  );
  if ((recent.rows[0]?.n ?? 0) < FEWEST || (await findFatigue(tx, at, { nowMs }))) return;
  const facts = await listReviewFacts(tx, at.tenant, { fromMs: nowMs - WINDOW_MS, toMs: nowMs });
  const shown = findSignals(at.person, facts).find(
    ({ signal, state }) => state === 'shows' && TIRING.has(signal),
  );
  if (shown)
    await recordAttentionEvent(tx, { ...at, kind: 'fatigue', reasonCode: shown.signal, atMs: nowMs });
}
