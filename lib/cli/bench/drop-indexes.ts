import type { Client } from 'pg';

interface IndexRow {
  table: string;
  name: string;
  /** Of a primary key or unique constraint; null: a plain index. */
  constraint: string | null;
  definition: string;
}

/**
 * Drops every index and key of these tables and gives what makes them again: one sort over all rows instead of a step a
 * row.
 */
export async function dropIndexes(
  client: Client,
  tables: readonly string[],
): Promise<(told: (index: string) => void) => Promise<void>> {
  const { rows } = await client.query<IndexRow>(
    `SELECT c.relname AS "table", i.relname AS name, pg_get_constraintdef(k.oid) AS constraint, pg_get_indexdef(i.oid) AS definition
       FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
       LEFT JOIN pg_constraint k ON k.conindid = i.oid
      WHERE c.relname = ANY($1) AND c.relnamespace = 'public'::regnamespace ORDER BY 1, k.oid IS NULL, 2`,
    [tables],
  );
  for (const { table, name, constraint } of rows)
    await client.query(constraint ? `ALTER TABLE ${table} DROP CONSTRAINT ${name}` : `DROP INDEX ${name}`);
  return async (told) => {
    for (const { table, name, constraint, definition } of rows) {
      told(name);
      await client.query(
        constraint ? `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${constraint}` : definition,
      );
    }
  };
}
