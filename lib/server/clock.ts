import { sharedSingleton } from './shared-singleton';

/** Milliseconds since the epoch, never going back within this process even when the machine's clock is stepped. */
export function nowMs(): number {
  const clock = sharedSingleton('clock', () => ({ lastMs: 0 }));
  clock.lastMs = Math.max(clock.lastMs, Date.now());
  return clock.lastMs;
}
