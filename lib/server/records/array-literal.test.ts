import { expect, test } from 'vitest';
import { getPool } from '../database/pool';
import { startTestConsole } from '../testing/test-console';
import { arrayLiteral } from './array-literal';

await startTestConsole();

test.each([
  ['plain', ['a', 'spiffe://x.test/y', '']],
  ['absent values and the word null', ['a', null, 'null', 'NULL', 'undefined']],
  ['quotes, backslashes, braces, commas', ['"', '\\', '{', '}', ',', '\\"', 'a"b\\c', '\\n']],
  ['control characters and white space', [' a ', '\n', '\t', '\u0001', '\u007f', '\u2028']],
  ['beyond the first plane', ['😀', 'é', 'ﷺ']],
  ['nothing', []],
])('PostgreSQL reads back what was written: %s', async (_name, values) => {
  const rows = await getPool().query<{ values: (string | null)[] }>('SELECT $1::text[] AS values', [
    arrayLiteral(values),
  ]);
  expect(rows.rows[0]?.values).toEqual(values);
});

test('numbers keep their value', async () => {
  const values = [0, -1, Number.MAX_SAFE_INTEGER];
  const rows = await getPool().query<{ values: string[] }>('SELECT $1::bigint[]::text[] AS values', [
    arrayLiteral(values),
  ]);
  expect(rows.rows[0]?.values).toEqual(values.map(String));
});
