/** A dot of a strip plot: `x` 0 to 1 along the axis, `level` how many dots lie under it. */
export type Dot = { x: number; level: number };

export type Scale = 'log' | 'linear';

/**
 * The axis range over all values. A log axis needs positive values; with any other value it becomes linear, because
 * dropping values would lie about how many there are. Returns null without values.
 */
export function planScale(
  values: readonly number[],
  wanted: Scale,
): { scale: Scale; low: number; high: number; place: (value: number) => number } | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const scale = wanted === 'log' && finite.every((value) => value > 0) ? 'log' : 'linear';
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const f = scale === 'log' ? Math.log : (value: number) => value;
  const from = f(low);
  const spread = f(high) - from;
  return { scale, low, high, place: (value) => (spread === 0 ? 0.5 : (f(value) - from) / spread) };
}

/** Stacks values into `columns` bins, lowest first, so that every one of them is a dot that can be counted. */
export function placeDots(
  values: readonly number[],
  place: (value: number) => number,
  columns: number,
): Dot[] {
  const heights = new Map<number, number>();
  return values.filter(Number.isFinite).map((value) => {
    const column = Math.round(place(value) * (columns - 1));
    const level = heights.get(column) ?? 0;
    heights.set(column, level + 1);
    return { x: columns > 1 ? column / (columns - 1) : 0.5, level };
  });
}

/** The middle value (mean of the two middle ones), or null without values. */
export function median(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
