import { expect, test } from 'vitest';
import { formatCsvCell } from './csv-cell';

test.each([
  ['a formula', '=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['a DDE call', '@SUM(A1)', "'@SUM(A1)"],
  ['a plus that is no number', '+cmd', "'+cmd"],
  ['a negative amount', '-18500.00', '-18500.00'],
  ['a comma and quotes', 'a,"b"', '"a,""b"""'],
  ['a line break', 'a\nb', '"a\nb"'],
  ['nothing', null, ''],
  ['a position', 42, '42'],
])('%s', (_, value, cell) => {
  expect(formatCsvCell(value)).toBe(cell);
});
