/** Numbers `from` to `to`, both included. */
export interface SequenceHole {
  from: number;
  to: number;
}

export interface SequenceState {
  last: number;
  holes: readonly SequenceHole[];
}

/**
 * A producer's own counter as its records arrive: late ones fill the hole they left, whatever their order. What is still
 * open at the end was signed away at the source and never arrived: it proves loss.
 */
export class SequenceLedger {
  private last: number;
  private holes: SequenceHole[];
  /** Numbers that came twice. */
  readonly repeated: number[] = [];
  /** Numbers that came after greater ones and so filled a hole, in the order of their coming. */
  readonly late: SequenceHole[] = [];

  constructor(state: SequenceState = { last: 0, holes: [] }) {
    this.last = state.last;
    this.holes = state.holes.map((hole) => ({ ...hole }));
  }

  add(seq: number): void {
    if (seq > this.last) {
      if (seq > this.last + 1) this.holes.push({ from: this.last + 1, to: seq - 1 });
      this.last = seq;
      return;
    }
    const at = this.findHole(seq);
    const hole = this.holes[at];
    if (!hole || seq < hole.from) {
      this.repeated.push(seq);
      return;
    }
    const latest = this.late.at(-1);
    if (latest?.to === seq - 1) latest.to = seq;
    else this.late.push({ from: seq, to: seq });
    const rest = [
      { from: hole.from, to: seq - 1 },
      { from: seq + 1, to: hole.to },
    ].filter(({ from, to }) => from <= to);
    this.holes.splice(at, 1, ...rest);
  }

  /** Index of the first hole that ends at `seq` or later; the holes stand in order. */
  private findHole(seq: number): number {
    let low = 0;
    let high = this.holes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.holes[middle] as SequenceHole).to < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  state(): SequenceState {
    return { last: this.last, holes: this.holes.map((hole) => ({ ...hole })) };
  }
}
