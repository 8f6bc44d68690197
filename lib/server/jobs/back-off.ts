const FIRST_MS = 5_000;
/** A service that was away for a day is found again within this long. */
const LONGEST_MS = 10 * 60_000;
/** Nothing but a person mends a wrong setting; their change tries again at once. */
const MISCONFIGURED_MS = 60 * 60_000;
const LONGEST_ASKED_MS = 24 * 60 * 60_000;

/**
 * How long to leave an outside service alone after its `attempts`-th failure in a row: doubling, half of it by chance so
 * that consoles that failed together do not return together, and never sooner than it asked for.
 * @param random 0 ≤ random < 1
 */
export function backOffMs(
  attempts: number,
  error: { code: string; retryAfterMs: number | undefined } | null,
  random: number,
): number {
  const misconfigured = error?.code === 'witness_misconfigured';
  const grown = misconfigured ? MISCONFIGURED_MS : FIRST_MS * 2 ** Math.min(attempts - 1, 20);
  const longest = misconfigured ? MISCONFIGURED_MS : LONGEST_MS;
  const own = Math.min(grown, longest) * (0.5 + random / 2);
  return Math.round(Math.max(own, Math.min(error?.retryAfterMs ?? 0, LONGEST_ASKED_MS)));
}
