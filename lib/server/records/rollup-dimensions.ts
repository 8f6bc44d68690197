/** What decisions are counted by, beside their time and their verdict: columns of `rollups` and `rollup_days`. */
export const DIMENSIONS = ['agent', 'tool', 'control', 'rule', 'source'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A dimension; or '', whose only value is '': every decision. */
export type CountedBy = Dimension | '';

/** The rows `(dim, value)` of a row of `rollups` or `rollup_days` that the statement calls `r`. */
export function dimensionValues(dims: readonly CountedBy[]): string {
  return `(VALUES ${dims.map((dim) => `('${dim}', ${dim === '' ? `''` : `r.${dim}`})`).join(', ')})`;
}
