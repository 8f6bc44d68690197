import { arrayLiteral } from './array-literal';

/**
 * One multi-row INSERT per table, all of them in one statement: a batch of records costs one round trip however many
 * projections it has.
 */
export interface TableInsert {
  table: string;
  /** Same value in every row; written as a scalar parameter. */
  constants: readonly (readonly [column: string, type: string, value: unknown])[];
  /** One array parameter per column; all of one length, nothing is inserted when it is 0. */
  columns: readonly (readonly [column: string, type: string, values: ColumnValues])[];
  /** Which rows to insert at all: a condition over the constants as `c.<column>` and the row as `u.<column>`. */
  where?: string;
  /** `ON CONFLICT …`, or nothing. */
  onConflict: string;
}

export type ColumnValues = readonly (string | number | null | undefined)[];

export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

/**
 * `WITH i0 AS (INSERT INTO a … unnest …), i1 AS (INSERT INTO b …) <last statement>`; tables without rows are left
 * out. `first` are common table expressions over the last statement's own parameters. The name says which tables take part (PostgreSQL
 * has 63 characters for it), so that each combination is prepared once per connection.
 */
export function insertStatement(
  inserts: readonly TableInsert[],
  last: Statement,
  ...first: readonly string[]
): Statement {
  const values = [...last.values];
  const parts: string[] = [...first];
  const names: number[] = [];
  for (const [order, insert] of inserts.entries()) {
    if (!insert.columns[0]?.[2].length) continue;
    const constants = insert.constants.map(
      ([column, type, value]) => `$${values.push(value)}::${type} AS ${column}`,
    );
    const arrays = insert.columns.map(
      ([, type, column]) => `$${values.push(arrayLiteral(column))}::${type}[]`,
    );
    const own = insert.columns.map(([column]) => column).join(', ');
    const all = [...insert.constants.map(([column]) => column), own].join(', ');
    const rows = `(SELECT ${constants.join(', ')}) AS c, unnest(${arrays.join(', ')}) AS u(${own})`;
    const where = insert.where ? `WHERE ${insert.where}` : '';
    parts.push(
      `i${parts.length} AS (INSERT INTO ${insert.table} (${all}) SELECT c.*, u.* FROM ${rows} ${where} ${insert.onConflict})`,
    );
    names.push(order);
  }
  if (parts.length === 0) return last;
  return {
    name: `${last.name}:${names.join('.')}`,
    text: `WITH ${parts.join(',\n')}\n${last.text}`,
    values,
  };
}
