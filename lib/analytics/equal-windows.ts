const HOUR_MS = 3_600_000;

export interface EqualWindows {
  /** Length of each, in hours; 0 when not one whole hour has passed since. */
  spanHours: number;
  before: { fromMs: number; toMs: number };
  after: { fromMs: number; toMs: number };
}

/**
 * Two windows of equal length around a moment, in whole hours, because counts are kept by the hour: the hour in which it
 * happened belongs to neither side. When less time has passed since than was asked for, both are as short as that.
 */
export function equalWindows(atMs: number, days: number, nowMs: number): EqualWindows {
  const before = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  const after = Math.ceil(atMs / HOUR_MS) * HOUR_MS;
  const now = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const spanHours = Math.max(0, Math.min(days * 24, (now - after) / HOUR_MS));
  const spanMs = spanHours * HOUR_MS;
  return {
    spanHours,
    before: { fromMs: before - spanMs, toMs: before },
    after: { fromMs: after, toMs: after + spanMs },
  };
}
