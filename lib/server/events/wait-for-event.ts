import { getEventBus } from './event-bus';
import type { TenantEvent } from './publish-event';

/**
 * Reads until `read` gives an answer or `waitMs` has passed, reading again at each matching event. The subscription is
 * made before the first reading, so that a change between the two is not missed. Returns null when time is up or the
 * caller went away.
 */
export async function waitForEvent<T>(options: {
  matches: (event: TenantEvent) => boolean;
  read: () => Promise<T | null>;
  waitMs: number;
  signal?: AbortSignal;
}): Promise<T | null> {
  const { matches, read, signal } = options;
  const deadlineMs = performance.now() + options.waitMs;
  let wake: () => void = () => {};
  let pending = true;
  const unsubscribe = await getEventBus().subscribe((event) => {
    if (event && !matches(event)) return;
    pending = true;
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    for (;;) {
      if (pending) {
        pending = false;
        const answer = await read();
        if (answer !== null) return answer;
      }
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) return null;
      if (!pending) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
