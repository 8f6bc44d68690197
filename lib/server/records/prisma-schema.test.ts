import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startTestConsole } from '../testing/test-console';

const { owner } = await startTestConsole();

const TYPES: Record<string, string> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Boolean: 'boolean',
  Bytes: 'bytea',
  Json: 'jsonb',
  DateTime: 'timestamp with time zone',
  Decimal: 'numeric',
};

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  array: boolean;
}

/** Columns as `prisma/schema.prisma` says; relations are not columns. */
function readSchema(text: string): Column[] {
  const columns: Column[] = [];
  for (const [, name = '', body = ''] of text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name;
    for (const line of body.split('\n')) {
      const field = /^ {2}(\w+)\s+(\w+)(\?|\[\])?(.*)$/.exec(line);
      const type = TYPES[field?.[2] ?? ''];
      if (!field || !type) continue;
      columns.push({
        table,
        column: /@map\("(\w+)"\)/.exec(field[4] ?? '')?.[1] ?? field[1] ?? '',
        type,
        nullable: field[3] === '?',
        array: field[3] === '[]',
      });
    }
  }
  return columns;
}

async function readDatabase(): Promise<Column[]> {
  const rows = await owner.query<Column>(
    `SELECT c.table_name AS "table", c.column_name AS "column",
       CASE WHEN c.data_type = 'ARRAY' THEN substr(c.udt_name, 2) ELSE c.data_type END AS type,
       c.is_nullable = 'YES' AS nullable, c.data_type = 'ARRAY' AS array
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.table_name <> '_prisma_migrations'`,
  );
  return rows.rows;
}

const byName = (a: Column, b: Column) => (`${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1);

test('prisma/schema.prisma describes exactly the tables and columns that the migrations make', async () => {
  const schema = readSchema(readFileSync('prisma/schema.prisma', 'utf8'));
  expect(schema.length).toBeGreaterThan(200);
  expect(schema.sort(byName)).toEqual((await readDatabase()).sort(byName));
});

test('and the same keys and indexes, apart from those with a condition, which Prisma cannot say', async () => {
  const text = readFileSync('prisma/schema.prisma', 'utf8');
  const named = [...text.matchAll(/@@index\([^)]*map: "(\w+)"\)/g)].map(([, name]) => name).sort();
  const rows = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND NOT i.indisunique AND i.indpred IS NULL ORDER BY 1`,
  );
  expect(named).toEqual(rows.rows.map(({ name }) => name));
});
