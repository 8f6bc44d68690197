import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideSequence, type SequenceState } from './decide-sequence';

const start: SequenceState = { lastSeq: 0, gaps: [] };

/** Offers counters in order; what became of each, and the state after. */
function offer(seqs: readonly number[]): { outcomes: string[]; state: SequenceState } {
  let state = start;
  const outcomes = seqs.map((seq) => {
    const decision = decideSequence(state, seq);
    if (decision.outcome !== 'reused') state = decision.state;
    return decision.outcome;
  });
  return { outcomes, state };
}

function missing({ lastSeq, gaps }: SequenceState): number[] {
  return Array.from({ length: lastSeq }, (_, i) => i + 1).filter((seq) =>
    gaps.some(({ fromSeq, toSeq }) => fromSeq <= seq && seq <= toSeq),
  );
}

describe('decideSequence', () => {
  test('contiguous, gap, late at either end and inside, reused', () => {
    const { outcomes, state } = offer([1, 6, 2, 5, 3, 3, 6, 1, 7]);
    expect(outcomes).toEqual([
      'contiguous',
      'gap',
      'late',
      'late',
      'late',
      'reused',
      'reused',
      'reused',
      'contiguous',
    ]);
    expect(state).toEqual({ lastSeq: 7, gaps: [{ fromSeq: 4, toSeq: 4 }] });
  });

  test('a stream that begins late has lost its beginning', () => {
    expect(offer([3]).state).toEqual({ lastSeq: 3, gaps: [{ fromSeq: 1, toSeq: 2 }] });
  });

  test('whatever arrives in whatever order: the gaps are exactly what never came, and nothing counts twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 120 }), (seqs) => {
        const { outcomes, state } = offer(seqs);
        const arrived = new Set(seqs);
        const highest = Math.max(0, ...seqs);
        expect(state.lastSeq).toBe(highest);
        expect(missing(state)).toEqual(
          Array.from({ length: highest }, (_, i) => i + 1).filter((seq) => !arrived.has(seq)),
        );
        expect(outcomes.filter((outcome) => outcome !== 'reused')).toHaveLength(arrived.size);
      }),
    );
  });
});
