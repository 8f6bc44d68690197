import { describe, expect, it, test } from 'vitest';
import { type ColumnMapping, guessMapping, mapColumns } from './map-columns';
import { parseCsv } from './parse-csv';

const MAPPING: ColumnMapping = {
  id: 'id',
  amount: 'amount',
  currency: null,
  fixedCurrency: 'EUR',
  at: 'at',
  decimals: 'point',
};
function map(row: string, mapping: Partial<ColumnMapping> = {}) {
  const table = parseCsv(`id;amount;at;name\n${row}\n`);
  if (!table.ok) throw new Error(table.code);
  return mapColumns(table.value, { ...MAPPING, ...mapping });
}

test('keeps an id, an amount, a currency and a time, and drops everything else', () => {
  expect(map('E2E-1;1,250.50;2026-06-01T10:00:00+02:00;Jane Doe')).toEqual({
    actions: [{ row: 1, id: 'E2E-1', amount: '1250.50', currency: 'EUR', atMs: Date.UTC(2026, 5, 1, 8) }],
    faults: [],
  });
});

describe('amounts', () => {
  it.each([
    ['12', 'point', '12'],
    ['007.5', 'point', '7.5'],
    ['1.234,50', 'comma', '1234.50'],
    ['1234,5', 'comma', '1234.5'],
    ['-3.10', 'point', '-3.10'],
    ['1,23', 'point', null],
    ['1.2.3', 'point', null],
    ['1e9', 'point', null],
    ['=1+1', 'point', null],
    ['1.23456', 'point', null],
    ['١٢', 'point', null],
  ] as const)('%s with a decimal %s is %s', (text, decimals, amount) => {
    const mapped = map(`x;${text};2026-06-01;n`, { decimals });
    if (amount === null) expect(mapped?.faults).toEqual([{ row: 1, fault: 'amount_unreadable' }]);
    else expect(mapped?.actions[0]?.amount).toBe(amount);
  });
});

describe('what is refused is named by its row and fault only', () => {
  it.each([
    ['no id', ';1;2026-06-01;n', 'id_missing'],
    ['a mail address', 'jane.doe@example.org;1;2026-06-01;n', 'id_personal'],
    ['an account number', 'DE89370400440532013000;1;2026-06-01;n', 'id_personal'],
    ['a formula', '=HYPERLINK(1);1;2026-06-01;n', 'id_unfit'],
    ['a name', 'Jane Doe;1;2026-06-01;n', 'id_unfit'],
    ['a local time', 'x;1;2026-06-01 10:00;n', 'time_unreadable'],
    ['a day that does not exist', 'x;1;2026-13-41;n', 'time_unreadable'],
  ] as const)('%s', (_name, row, fault) => {
    expect(map(row)).toEqual({ actions: [], faults: [{ row: 1, fault }] });
  });

  it('a column that the file does not have', () => {
    expect(map('x;1;2026-06-01;n', { amount: 'betrag' })).toBeNull();
  });
});

test('guesses what a header means', () => {
  expect(guessMapping(['Customer name', 'End-to-end ID', 'Amount', 'Currency', 'Executed at'])).toMatchObject(
    {
      id: 'End-to-end ID',
      amount: 'Amount',
      currency: 'Currency',
      at: 'Executed at',
    },
  );
  expect(guessMapping(['order_no', 'total', 'placed'])).toMatchObject({
    id: 'order_no',
    amount: 'total',
    currency: null,
    at: 'placed',
  });
});
