import { describe, expect, test } from 'vitest';
import { getPool } from '../database/pool';
import { startTestConsole } from '../testing/test-console';

const { owner } = await startTestConsole();

const BIG_TABLES = ['records', 'entries', 'decisions', 'decision_subjects', 'edges', 'tiles', 'checkpoints'];

// Enough rows, spread over several streams, that a plan is chosen by what it costs.
await owner.query(`
  INSERT INTO streams SELECT 's' || g, 't' || g % 3, 'p' || g, 5000, '', 5000, now() FROM generate_series(1, 4) g;
  INSERT INTO records (stream, position, tenant, id, kind, seq, occurred_at, accepted_at, envelope, link)
    SELECT 's' || s, n, 't' || s % 3, 'dec_' || s || '_' || n, 'decision', n, now(), now(), repeat('x', 1500)::bytea, 'y'
    FROM generate_series(1, 4) s, generate_series(1, 5000) n;
  INSERT INTO entries SELECT (s - 1) * 5000 + n - 1, 's' || s, n, 1, decode(repeat('00', 32), 'hex')
    FROM generate_series(1, 4) s, generate_series(1, 5000) n;
  INSERT INTO tiles SELECT level, n, 'h', 'r' FROM generate_series(0, 2) level, generate_series(0, 2000) n;
  INSERT INTO checkpoints SELECT n, 'r', 'n', now() FROM generate_series(0, 5000) n;
  ANALYZE;
`);

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

function scans(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scans)];
}

async function sequentialScans(sql: string, values: unknown[]): Promise<string[]> {
  const rows = await getPool().query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (FORMAT JSON) ${sql}`,
    values,
  );
  const plan = rows.rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('no plan');
  return scans(plan).filter((table) => BIG_TABLES.includes(table));
}

const queries: readonly [name: string, sql: string, values: unknown[]][] = [
  [
    'records of a batch by id',
    'SELECT position, envelope FROM records WHERE stream = $1 AND id = ANY($2::text[])',
    ['s1', Array.from({ length: 500 }, (_, i) => `dec_1_${i}`)],
  ],
  ['a record by id alone', 'SELECT stream, position FROM records WHERE id = $1', ['dec_2_77']],
  [
    'a page of a stream',
    'SELECT position, id FROM records WHERE stream = $1 AND position BETWEEN $2 AND $3 ORDER BY position LIMIT 500',
    ['s2', 100, 4000],
  ],
  [
    'links of waiting records',
    `SELECT count(r.position), string_agg(r.link, ''::bytea ORDER BY r.position)
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS w(stream, first, last, ord)
     LEFT JOIN records r ON r.stream = w.stream AND r.position BETWEEN w.first AND w.last GROUP BY w.ord ORDER BY w.ord`,
    [['s1'], [4900], [5000]],
  ],
  [
    'an entry by position',
    'SELECT index FROM entries WHERE stream = $1 AND position <= $2 ORDER BY position DESC LIMIT 1',
    ['s3', 12],
  ],
  [
    'an entry bundle',
    `WITH place AS MATERIALIZED (
       SELECT e.stream, p.position, e.index + p.position - e.position AS index
       FROM entries e, generate_series(e.position + greatest($1 - e.index, 0), e.position + least(e.count, $2 - e.index) - 1) AS p(position)
       WHERE e.index >= (SELECT coalesce(max(index), 0) FROM entries WHERE index <= $1::bigint) AND e.index < $2::bigint
       LIMIT 256)
     SELECT stream, position, r.link FROM place JOIN records r USING (stream, position) ORDER BY index`,
    [512, 768],
  ],
  ['the latest checkpoint', 'SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1', []],
  ['a tile', 'SELECT hashes FROM tiles WHERE level = $1 AND n = $2', [0, 17]],
  [
    'hashes of an upper tile',
    'SELECT root FROM tiles WHERE level = $1 AND n >= $2 AND n < $3 ORDER BY n',
    [0, 256, 300],
  ],
];

describe('hot queries of the log and the streams', () => {
  test.each(queries)('%s needs no sequential scan', async (_name, sql, values) => {
    expect(await sequentialScans(sql, values)).toEqual([]);
  });

  test('a query without an index is noticed', async () => {
    expect(await sequentialScans('SELECT 1 FROM records WHERE envelope = $1', [Buffer.from('x')])).toEqual([
      'records',
    ]);
  });
});
