/**
 * Backpressure over work that goes on beside its caller: `add` answers at once while fewer than `limit` are under way, and
 * else once half of them are done; `drain` when all are. Both throw the first failure.
 */
export interface InFlight {
  add(work: Promise<void>): Promise<void>;
  drain(): Promise<void>;
}

export function createInFlight(limit: number): InFlight {
  let underWay = 0;
  let waiting: { until: number; go: () => void } | null = null;
  let failure: { error: unknown } | null = null;

  function leave(): void {
    underWay--;
    if (!waiting || underWay > waiting.until) return;
    waiting.go();
    waiting = null;
  }

  async function waitUntil(until: number): Promise<void> {
    if (underWay > until) {
      await new Promise<void>((go) => {
        waiting = { until, go };
      });
    }
    if (failure) throw failure.error;
  }

  return {
    async add(work) {
      underWay++;
      work.then(leave, (error: unknown) => {
        failure ??= { error };
        leave();
      });
      if (underWay >= limit) await waitUntil(limit / 2);
    },
    drain: () => waitUntil(0),
  };
}
