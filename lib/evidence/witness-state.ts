import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import type { WitnessState } from './witness-view';

/** What one stamp may take beyond the interval before anybody should wonder. */
const GRACE_MS = 120_000;
/** A proof in Bitcoin matures in hours; a quiet day is no failure. */
const MATURING_MS = 24 * 60 * 60_000;
/** Once or twice is weather. */
const FAILURES = 3;

/** How a witness does, from what is known of its last tries. */
export function decideWitnessState(witness: {
  type: WitnessType;
  enabled: boolean;
  everySeconds: number;
  /** When the first checkpoint that its VALID receipts do not cover was published; null when they cover all. */
  uncoveredSinceMs: number | null;
  /** Failures in a row. */
  attempts: number;
  lastError: string | null;
  nowMs: number;
}): WitnessState {
  if (!witness.enabled) return 'disabled';
  const allowedMs =
    witness.everySeconds * 1000 + (witness.type === 'opentimestamps' ? MATURING_MS : GRACE_MS);
  const isLate = witness.uncoveredSinceMs !== null && witness.nowMs - witness.uncoveredSinceMs > allowedMs;
  if (witness.lastError !== null && (isLate || witness.attempts >= FAILURES)) return 'failing';
  return isLate ? 'behind' : 'ok';
}
