/** Passes on the first value and then at most one each `everyMs`; a value that comes sooner is dropped, not queued. */
export function createThrottle<T>(everyMs: number, pass: (value: T) => void): (value: T) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (value) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < everyMs) return;
    lastMs = nowMs;
    pass(value);
  };
}
