import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatCsvCell } from '@/lib/core/csv-cell';
import { MAX_CSV_CELL, MAX_CSV_COLUMNS, MAX_CSV_ROWS, parseCsv } from './parse-csv';

test.each([
  ['commas', 'id,amount\n1,2\n', ',', [['1', '2']]],
  ['semicolons with decimal commas', 'id;amount\r\n1;2,50\r\n', ';', [['1', '2,50']]],
  ['tabs and no last break', 'id\tamount\n1\t2', '\t', [['1', '2']]],
  ['quotes', 'id,note\n1,"a, ""b""\nc"\n', ',', [['1', 'a, "b"\nc']]],
  ['a byte order mark', '\ufeffid,b\n1,2\n', ',', [['1', '2']]],
  ['an empty cell', 'id,b\n1,\n', ',', [['1', '']]],
  ['one column', 'id\n1\n2\n', ',', [['1'], ['2']]],
] as const)('reads %s', (_name, text, delimiter, rows) => {
  expect(parseCsv(text)).toMatchObject({ ok: true, value: { delimiter, rows } });
});

describe('refuses, naming the line and not what stands on it', () => {
  it.each([
    ['nothing', '', 'csv_empty', undefined],
    ['a header alone', 'id,amount\n', 'csv_empty', undefined],
    ['a row that is shorter', 'a,b\n1,2\n3\n', 'csv_ragged', 'line 3'],
    ['a row that is longer, after a cell of two lines', 'a,b\n"x\ny",2\n3,4,5\n', 'csv_ragged', 'line 4'],
    ['a quote that never ends', 'a,b\n1,"2\n', 'csv_quote', 'line 2'],
    ['a quote in the middle', 'a,b\n1,x"y"\n', 'csv_quote', 'line 2'],
    ['text after a quote', 'a,b\n1,"2"3\n', 'csv_quote', 'line 2'],
    ['a carriage return alone', 'a,b\r1,2\r', 'csv_quote', 'line 1'],
    ['two columns of one name', 'a,a\n1,2\n', 'csv_header', undefined],
    ['a column without a name', 'a,\n1,2\n', 'csv_header', undefined],
    ['a NUL', 'a,b\n1,\u0000\n', 'csv_control_character', undefined],
    ['an escape sequence', 'a,b\n1,\u001b[2J\n', 'csv_control_character', undefined],
    [
      'a cell longer than anybody writes',
      `a,b\n1,${'x'.repeat(MAX_CSV_CELL + 1)}\n`,
      'csv_cell_too_long',
      'line 2',
    ],
    ['too many columns', `${'a,'.repeat(MAX_CSV_COLUMNS)}b\n`, 'csv_too_many_columns', 'line 1'],
    ['too many rows', `a\n${'1\n'.repeat(MAX_CSV_ROWS + 1)}`, 'csv_too_many_rows', `at most ${MAX_CSV_ROWS}`],
  ])('%s', (_name, text, code, detail) => {
    expect(parseCsv(text)).toEqual({ ok: false, code, ...(detail === undefined ? {} : { detail }) });
  });

  it('a file as long as anybody may send', () => {
    expect(parseCsv('x'.repeat(4_194_305))).toMatchObject({ ok: false, code: 'csv_too_large' });
  });
});

test('reads back what this console writes, whatever the cells hold', () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
      const text = `first,second\r\n${rows.map((row) => `${row.map(formatCsvCell).join(',')}\r\n`).join('')}`;
      const parsed = parseCsv(text);
      const safe = rows.map((row) =>
        row.map((each) => (/^[=+\-@]/.test(each) && !/^-?\d+(\.\d+)?$/.test(each) ? `'${each}` : each)),
      );
      expect(parsed.ok && parsed.value.rows).toEqual(safe);
    }),
  );
});
