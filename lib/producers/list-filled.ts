import type { SequenceGap } from './decide-sequence';

/** The parts of a hole that none of the holes of later covers, in order: what has arrived of it. */
export function listFilled(gap: SequenceGap, later: readonly SequenceGap[]): SequenceGap[] {
  const open = later
    .filter(({ fromSeq, toSeq }) => fromSeq <= gap.toSeq && toSeq >= gap.fromSeq)
    .sort((a, b) => a.fromSeq - b.fromSeq);
  const filled: SequenceGap[] = [];
  let next = gap.fromSeq;
  for (const { fromSeq, toSeq } of open) {
    if (fromSeq > next) filled.push({ fromSeq: next, toSeq: fromSeq - 1 });
    next = Math.max(next, toSeq + 1);
  }
  if (next <= gap.toSeq) filled.push({ fromSeq: next, toSeq: gap.toSeq });
  return filled;
}
