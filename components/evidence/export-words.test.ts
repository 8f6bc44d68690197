import { expect, test } from 'vitest';
import { formatBytes, PURPOSE_OPTIONS, splitIds } from './export-words';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 KB'],
  [67_784, '68 KB'],
  [6_779_914, '6.8 MB'],
  [1_500_000_000, '1.5 GB'],
])('%i bytes are %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));

test('pasted ids are taken apart and each counts once', () => {
  expect(splitIds(' dec_1\ndec_2, dec_1;dec_3 \n')).toEqual(['dec_1', 'dec_2', 'dec_3']);
  expect(splitIds('  \n')).toEqual([]);
});

test('every purpose has words', () => {
  expect(PURPOSE_OPTIONS.length).toBeGreaterThan(3);
  expect(PURPOSE_OPTIONS.every(({ label }) => label.length > 5)).toBe(true);
});
