const SECOND_MS = 1000;

/** Seconds with one digit, such as `12.3 s`. */
export function formatSeconds(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(1)} s`;
}

/**
 * Runs one step of a command and says so: a running clock at a terminal, with whatever detail the step tells, otherwise
 * a line once it has taken a second, and a closing line in both, which says ✗ where `succeeded` denies the result.
 */
export async function withProgress<T>(
  label: string,
  work: (say: (detail: string) => void) => Promise<T>,
  succeeded: (result: T) => boolean = () => true,
): Promise<T> {
  const startedMs = performance.now();
  const terminal = process.stdout.isTTY === true;
  let shown = false;
  let detail = '';
  const timer = setInterval(() => {
    const elapsed = formatSeconds(performance.now() - startedMs);
    if (terminal) process.stdout.write(`\r\x1b[2K… ${label}${detail && `, ${detail}`} (${elapsed})`);
    else if (!shown) console.log(`… ${label}`);
    shown = true;
  }, SECOND_MS);
  const clear = (): void => {
    clearInterval(timer);
    if (terminal && shown) process.stdout.write('\r\x1b[2K');
  };
  try {
    const result = await work((text) => {
      detail = text;
    });
    clear();
    console.log(
      `${succeeded(result) ? '✓' : '✗'} ${label} (${formatSeconds(performance.now() - startedMs)})`,
    );
    return result;
  } catch (error) {
    clear();
    throw error;
  }
}
