/** Milliseconds since the epoch, never going back within this process even when the machine's clock is stepped. */
let last = 0;
export function nowMs(): number {
  last = Math.max(last, Date.now());
  return last;
}
