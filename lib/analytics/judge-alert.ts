/** One reading of one rule about one thing: `between` is neither, and leaves an alert as it is, so that it does not flap. */
export type AlertReading = 'breached' | 'between' | 'clear';

/** An alert closes only after its rule was clear for this long without a break. */
export const CLEAR_FOR_MS = 10 * 60_000;
/** What is measured must fall to this share of its bound to count as clear. */
const CLEAR_SHARE = 0.8;

/** Reads a value that must not be above its bound. */
export function readAbove(value: number, bound: number): AlertReading {
  if (value > bound) return 'breached';
  return value <= bound * CLEAR_SHARE ? 'clear' : 'between';
}

/** Reads a value that must not be below its bound. */
export function readBelow(value: number, bound: number): AlertReading {
  if (value < bound) return 'breached';
  return value >= bound / CLEAR_SHARE ? 'clear' : 'between';
}

export type AlertStep = 'open' | 'mark-clear' | 'unmark' | 'close' | 'nothing';

/** What to do about a thing, given its open alert (if any) and what was read of it now. */
export function decideAlert(
  open: { clearSinceMs: number | null } | null,
  reading: AlertReading,
  nowMs: number,
): AlertStep {
  if (!open) return reading === 'breached' ? 'open' : 'nothing';
  if (reading !== 'clear') return open.clearSinceMs === null ? 'nothing' : 'unmark';
  if (open.clearSinceMs === null) return 'mark-clear';
  return nowMs - open.clearSinceMs >= CLEAR_FOR_MS ? 'close' : 'nothing';
}
