/** Things that happen in order of time, some of which make others happen later: the demo's history as a queue. */
export interface Timeline {
  /** `happen` runs when its time comes; among equals, first in is first out. */
  at(atMs: number, happen: (atMs: number) => Promise<void>): void;
  /** Runs everything up to and including `untilMs`. */
  run(untilMs: number): Promise<void>;
}

export function createTimeline(): Timeline {
  const heap: { atMs: number; n: number; happen: (atMs: number) => Promise<void> }[] = [];
  let counter = 0;
  const before = (a: number, b: number): boolean => {
    const [x, y] = [heap[a], heap[b]];
    return x !== undefined && y !== undefined && (x.atMs < y.atMs || (x.atMs === y.atMs && x.n < y.n));
  };
  const swap = (a: number, b: number): void => {
    const held = heap[a] as (typeof heap)[number];
    heap[a] = heap[b] as (typeof heap)[number];
    heap[b] = held;
  };
  const pop = (): (typeof heap)[number] | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return top;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (before(child, least)) least = child;
      if (least === i) return top;
      swap(i, least);
      i = least;
    }
  };
  return {
    at(atMs, happen) {
      heap.push({ atMs, n: counter++, happen });
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!before(i, parent)) return;
        swap(i, parent);
        i = parent;
      }
    },
    async run(untilMs) {
      while (heap[0] !== undefined && heap[0].atMs <= untilMs) {
        const next = pop();
        if (next) await next.happen(next.atMs);
      }
    },
  };
}
