import type { Client } from 'pg';

/** Rows of every table except the nonces, by name: what a refused request must leave as it was. */
export async function countRows(owner: Client): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ name: string; rows: number }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name,
            (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, tablename),
                                                 false, true, '')))[1]::text::int AS rows
       FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'nonces'
      ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, rows: n }) => [name, n]));
}
