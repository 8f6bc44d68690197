import { z } from 'zod';
import { formatInstant } from '@/lib/core/instant';
import { listCoverage, type Reading, reviewDwellMs } from '@/lib/escalations/dwell';
import { evidenceSection, type ReviewSessionView } from '@/lib/escalations/escalation-view';
import type { Tx } from '../database/transaction';

const seenMs = z.partialRecord(evidenceSection, z.number().int().nonnegative());

interface Row {
  opened_at: Date | null;
  last_beat_at: Date | null;
  active_ms: number;
  coverage: unknown;
}

/** A person's reading of an escalation; null before its full evidence was rendered to them. */
export async function findReading(
  tx: Tx,
  at: { tenant: string; escalation: string; person: string },
  { lock = false } = {},
): Promise<Reading | null> {
  const found = await tx.query<Row>(
    `SELECT opened_at, last_beat_at, active_ms, coverage FROM review_sessions
      WHERE escalation = $1 AND person = $2 AND tenant = $3${lock ? ' FOR UPDATE' : ''}`,
    [at.escalation, at.person, at.tenant],
  );
  const row = found.rows[0];
  if (!row?.opened_at || !row.last_beat_at) return null;
  return {
    openedAtMs: row.opened_at.getTime(),
    lastBeatAtMs: row.last_beat_at.getTime(),
    activeMs: row.active_ms,
    seenMs: seenMs.parse(row.coverage),
  };
}

/** Writes a reading whose row exists. */
export async function saveReading(
  tx: Tx,
  at: { tenant: string; escalation: string; person: string },
  reading: Reading,
): Promise<void> {
  await tx.query(
    `UPDATE review_sessions SET opened_at = $4, last_beat_at = $5, active_ms = $6, coverage = $7
      WHERE escalation = $1 AND person = $2 AND tenant = $3`,
    [
      at.escalation,
      at.person,
      at.tenant,
      new Date(reading.openedAtMs),
      new Date(reading.lastBeatAtMs),
      reading.activeMs,
      JSON.stringify(reading.seenMs),
    ],
  );
}

/** The reading as its page shows it at `nowMs`. */
export function formatReading(reading: Reading, nowMs: number): ReviewSessionView {
  return {
    openedAt: formatInstant(reading.openedAtMs),
    reviewDwellMs: reviewDwellMs(reading, nowMs),
    activeMs: reading.activeMs,
    seenMs: reading.seenMs,
    covered: listCoverage(reading.seenMs),
  };
}
