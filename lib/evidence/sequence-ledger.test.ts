import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SequenceLedger } from './sequence-ledger';

const after = (numbers: readonly number[], ledger = new SequenceLedger()) => {
  for (const n of numbers) ledger.add(n);
  return ledger;
};

test.each<[string, number[], { from: number; to: number }[], number[]]>([
  ['in order', [1, 2, 3], [], []],
  ['a hole', [1, 2, 5], [{ from: 3, to: 4 }], []],
  ['a hole filled late, in any order', [1, 2, 5, 4, 3, 6], [], []],
  [
    'a hole half filled',
    [1, 6, 3],
    [
      { from: 2, to: 2 },
      { from: 4, to: 5 },
    ],
    [],
  ],
  ['the first one lost', [2], [{ from: 1, to: 1 }], []],
  ['a number used twice', [1, 2, 2], [], [2]],
  ['a filled hole filled again', [1, 3, 2, 2], [], [2]],
])('%s', (_, numbers, holes, repeated) => {
  const ledger = after(numbers);
  expect(ledger.state().holes).toEqual(holes);
  expect(ledger.repeated).toEqual(repeated);
});

test.each<[string, number[], { from: number; to: number }[]]>([
  ['nothing in order', [1, 2, 3], []],
  ['a hole filled in order', [1, 4, 2, 3], [{ from: 2, to: 3 }]],
  [
    'a hole filled backwards',
    [1, 4, 3, 2],
    [
      { from: 3, to: 3 },
      { from: 2, to: 2 },
    ],
  ],
  ['nothing that came twice', [1, 2, 2], []],
])('tells as late %s', (_, numbers, late) => {
  expect(after(numbers).late).toEqual(late);
});

test('any order of 1 to n leaves no hole and no repeat, and stopping half-way changes nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }).chain((n) =>
        fc.tuple(
          fc.shuffledSubarray(
            [...Array(n).keys()].map((i) => i + 1),
            { minLength: n },
          ),
          fc.nat(n),
        ),
      ),
      ([numbers, cut]) => {
        const resumed = after(numbers.slice(cut), new SequenceLedger(after(numbers.slice(0, cut)).state()));
        expect(resumed.state()).toEqual({ last: numbers.length, holes: [] });
        expect(resumed.repeated).toEqual([]);
      },
    ),
  );
});
