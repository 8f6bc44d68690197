import { applyBeat, type Beat, isAttentiveBeat, type Reading } from '@/lib/escalations/dwell';
import type { Tx } from '../database/transaction';

/**
 * The reading after one beat, with this person's time counted once however many pages they have open: the clock row is
 * locked, so that beats on two pages wait for each other. What the beat was worth goes into the minute of its arrival.
 */
export async function countBeat(
  tx: Tx,
  { tenant, person }: { tenant: string; person: string },
  reading: Reading,
  beat: Beat,
  nowMs: number,
): Promise<Reading> {
  if (!isAttentiveBeat(beat)) return applyBeat(reading, beat, nowMs);
  const clock = await tx.query<{ last_beat_at: Date }>(
    `UPDATE reviewer_clocks c SET last_beat_at = greatest(c.last_beat_at, $3)
       FROM (SELECT last_beat_at FROM reviewer_clocks WHERE tenant = $1 AND person = $2 FOR UPDATE) before
      WHERE c.tenant = $1 AND c.person = $2 RETURNING before.last_beat_at`,
    [tenant, person, new Date(nowMs)],
  );
  const after = applyBeat(reading, beat, nowMs, clock.rows[0]?.last_beat_at.getTime());
  const creditMs = after.activeMs - reading.activeMs;
  if (creditMs > 0) {
    await tx.query(
      `INSERT INTO attention_minutes (tenant, person, minute, active_ms) VALUES ($1, $2, date_trunc('minute', $3::timestamptz), $4)
       ON CONFLICT (tenant, person, minute) DO UPDATE SET active_ms = attention_minutes.active_ms + EXCLUDED.active_ms`,
      [tenant, person, new Date(nowMs), creditMs],
    );
  }
  return after;
}

/** The clock of somebody who begins to read; theirs from before stands. */
export async function startClock(
  tx: Tx,
  { tenant, person }: { tenant: string; person: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO reviewer_clocks (tenant, person, last_beat_at) VALUES ($1, $2, 'epoch') ON CONFLICT DO NOTHING`,
    [tenant, person],
  );
}
