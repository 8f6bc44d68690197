/** Which rows are marked to be decided together, and where a range would begin. */
export interface Marks {
  ids: ReadonlySet<string>;
  anchor: string | null;
}

export const NO_MARKS: Marks = { ids: new Set(), anchor: null };

/** Marks or unmarks one row; more than `most` are not marked. */
export function toggleMark(marks: Marks, id: string, most: number): Marks {
  const ids = new Set(marks.ids);
  if (!ids.delete(id) && ids.size < most) ids.add(id);
  return { ids, anchor: id };
}

/** Marks every row from the last one touched to this one, in list order, as far as `most` allows. */
export function markRange(marks: Marks, rows: readonly { id: string }[], id: string, most: number): Marks {
  const to = rows.findIndex((row) => row.id === id);
  const from = rows.findIndex((row) => row.id === marks.anchor);
  if (to < 0) return marks;
  if (from < 0) return toggleMark(marks, id, most);
  const ids = new Set(marks.ids);
  for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (ids.size < most) ids.add(row.id);
  }
  return { ids, anchor: id };
}

/** What is marked and still listed; a row that left is no longer decided with the others. */
export function keepListed(marks: Marks, rows: readonly { id: string }[]): string[] {
  return rows.filter(({ id }) => marks.ids.has(id)).map(({ id }) => id);
}
