import { expect, test } from 'vitest';
import { decideSequence, type SequenceState } from './decide-sequence';
import { listFilled } from './list-filled';

const gap = { fromSeq: 4, toSeq: 9 };

test.each([
  ['nothing is open any more', [], [[4, 9]]],
  ['all of it is still open', [gap], []],
  [
    'the middle arrived',
    [
      { fromSeq: 4, toSeq: 5 },
      { fromSeq: 8, toSeq: 9 },
    ],
    [[6, 7]],
  ],
  [
    'both ends arrived',
    [{ fromSeq: 6, toSeq: 7 }],
    [
      [4, 5],
      [8, 9],
    ],
  ],
  ['another hole lies elsewhere', [{ fromSeq: 20, toSeq: 30 }], [[4, 9]]],
])('%s', (_name, later, filled) => {
  expect(listFilled(gap, later).map(({ fromSeq, toSeq }) => [fromSeq, toSeq])).toEqual(filled);
});

test('late numbers in any order leave exactly the others open', () => {
  let state: SequenceState = { lastSeq: 12, gaps: [gap] };
  for (const seq of [6, 9, 5])
    state =
      decideSequence(state, seq).outcome === 'late'
        ? (decideSequence(state, seq) as { state: SequenceState }).state
        : state;
  expect(listFilled(gap, state.gaps)).toEqual([
    { fromSeq: 5, toSeq: 6 },
    { fromSeq: 9, toSeq: 9 },
  ]);
});
