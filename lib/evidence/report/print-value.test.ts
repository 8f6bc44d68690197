import { expect, test } from 'vitest';
import { dim, id, node, text } from '../evidence-value';
import { printDuration, printInstant, printValue } from './print-value';

test('parts are printed in order, amounts digit for digit, times with their zone', () => {
  expect(
    printValue([
      text('transfer'),
      { kind: 'amount', amount: '1234567890123456.0050', currency: 'INR' },
      dim('by'),
      node('n', 'payee'),
      id('acct-9'),
      { kind: 'time', at: '2026-11-20T08:36:00.123Z' },
      { kind: 'tier', tier: 'bounded' },
      { kind: 'duration', ms: 109_999 },
    ]),
  ).toBe(
    'transfer INR 1,234,567,890,123,456.0050 by payee acct-9 2026-11-20 08:36:00.123 UTC irreversible but bounded 1 min 49 s',
  );
  expect(printValue([{ kind: 'amount', amount: '-0.5', currency: 'EUR' }])).toBe('EUR -0.5');
});

test('what is no instant is printed as it came', () => {
  expect(printInstant('yesterday')).toBe('yesterday');
});

test.each([
  [0, '0 s'],
  [59_000, '59 s'],
  [60_000, '1 min 0 s'],
  [7_325_000, '2 h 2 min 5 s'],
])('%i ms are %s', (ms, words) => expect(printDuration(ms)).toBe(words));
