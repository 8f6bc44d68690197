/**
 * Reading time on the server's clock (formats.md §9). Beats arrive about every 5 s; each is worth the time since the
 * beat before it by server arrival, at most 5 s and a little slack for a late timer, and nothing when the page said it
 * was hidden, unfocused or idle. So the sum never passes the time that really elapsed: beating faster gains nothing,
 * and the browser can lower these numbers but never raise them.
 */
import { EVIDENCE_SECTIONS } from '@/lib/escalations/escalation-lists';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';

export const BEAT_MS = 5_000;
export const BEAT_SLACK_MS = 1_500;
/** A section was read once it had been on screen this long. */
export const SECTION_READ_MS = 2_000;

export type SeenMs = Partial<Record<EvidenceSection, number>>;

export interface Reading {
  /** First render of the full evidence to this person. */
  openedAtMs: number;
  lastBeatAtMs: number;
  activeMs: number;
  seenMs: SeenMs;
}

export interface Beat {
  visible: boolean;
  focused: boolean;
  idle: boolean;
  sections: readonly EvidenceSection[];
}

/** A reading that begins now. */
export function startReading(atMs: number): Reading {
  return { openedAtMs: atMs, lastBeatAtMs: atMs, activeMs: 0, seenMs: {} };
}

/** The page was loaded again: the first render stands, and the time while it was closed is worth nothing. */
export function resumeReading(reading: Reading, atMs: number): Reading {
  return { ...reading, lastBeatAtMs: Math.max(reading.lastBeatAtMs, atMs) };
}

/** True of a beat that says somebody looked. */
export function isAttentiveBeat(beat: Beat): boolean {
  return beat.visible && beat.focused && !beat.idle;
}

/**
 * The reading after one beat that arrived at `atMs`. A beat from before the last one is worth nothing. `countedUntilMs` is
 * up to when this person's attention was counted on any page: two pages in front at once share one person's time.
 */
export function applyBeat(reading: Reading, beat: Beat, atMs: number, countedUntilMs = -Infinity): Reading {
  const elapsedMs = Math.max(0, atMs - reading.lastBeatAtMs);
  const countableMs = Math.max(0, Math.min(elapsedMs, atMs - countedUntilMs));
  const creditMs = isAttentiveBeat(beat) ? Math.min(countableMs, BEAT_MS + BEAT_SLACK_MS) : 0;
  const seenMs = { ...reading.seenMs };
  for (const section of new Set(beat.sections)) seenMs[section] = (seenMs[section] ?? 0) + creditMs;
  return {
    openedAtMs: reading.openedAtMs,
    lastBeatAtMs: reading.lastBeatAtMs + elapsedMs,
    activeMs: reading.activeMs + creditMs,
    seenMs,
  };
}

/** The sections that were read, in page order. */
export function listCoverage(seenMs: SeenMs): EvidenceSection[] {
  return EVIDENCE_SECTIONS.filter((section) => (seenMs[section] ?? 0) >= SECTION_READ_MS);
}

/** Time from the first render to `atMs`. */
export function reviewDwellMs(reading: Reading, atMs: number): number {
  return Math.max(0, atMs - reading.openedAtMs);
}
