/** A hole in a producer's counter, both ends inclusive. */
export interface SequenceGap {
  fromSeq: number;
  toSeq: number;
}

export interface SequenceState {
  /** Highest counter seen in the stream; 0 before the first record. */
  lastSeq: number;
  gaps: readonly SequenceGap[];
}

export type SequenceDecision =
  | { outcome: 'contiguous'; state: SequenceState }
  | { outcome: 'gap'; gap: SequenceGap; state: SequenceState }
  | { outcome: 'late'; state: SequenceState }
  | { outcome: 'reused' };

/**
 * What a producer's counter says about the next record (formats.md §3: contiguous from 1, a hole proves loss). Late
 * records may fill a hole; a number that was used stays used.
 */
export function decideSequence(state: SequenceState, seq: number): SequenceDecision {
  if (seq === state.lastSeq + 1) return { outcome: 'contiguous', state: { lastSeq: seq, gaps: state.gaps } };
  if (seq > state.lastSeq) {
    const gap = { fromSeq: state.lastSeq + 1, toSeq: seq - 1 };
    return { outcome: 'gap', gap, state: { lastSeq: seq, gaps: [...state.gaps, gap] } };
  }
  const hole = state.gaps.find((gap) => gap.fromSeq <= seq && seq <= gap.toSeq);
  if (!hole) return { outcome: 'reused' };
  const rest = [
    { fromSeq: hole.fromSeq, toSeq: seq - 1 },
    { fromSeq: seq + 1, toSeq: hole.toSeq },
  ].filter((gap) => gap.fromSeq <= gap.toSeq);
  return {
    outcome: 'late',
    state: { lastSeq: state.lastSeq, gaps: state.gaps.flatMap((gap) => (gap === hole ? rest : [gap])) },
  };
}
