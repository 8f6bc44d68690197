/** SQLSTATE of a statement that met a transaction which an earlier one had aborted (PostgreSQL Appendix A). */
const AFTERMATH = '25P02';

type Answers<T> = { -readonly [K in keyof T]: () => Awaited<T[K]> };

/**
 * Work on one connection that does not build on each other, sent without waiting for one another: together one round trip.
 * All of it has ended before this returns or throws, so that nothing is sent on a connection that was given back. Each is
 * answered by a function that gives its value or throws its own failure, for callers whose failures have an order.
 * @throws the database's own error as soon as a statement failed: whatever came after it met an aborted transaction
 */
export async function sideBySide<T extends readonly unknown[] | []>(work: T): Promise<Answers<T>> {
  const settled = await Promise.allSettled(work);
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.some((failure) => stateOf(failure) === AFTERMATH))
    throw (
      failures.find((failure) => isState(stateOf(failure)) && stateOf(failure) !== AFTERMATH) ?? failures[0]
    );
  return settled.map((each) => () => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  }) as Answers<T>;
}

/** The same for work whose failures have no order but the one in which it is listed. */
export async function together<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const answers = (await sideBySide(work)) as (() => unknown)[];
  return answers.map((answer) => answer()) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

const stateOf = (failure: unknown): unknown => (failure as { code?: unknown } | null)?.code;

/** SQLSTATEs have five characters; the codes of our own errors are words. */
const isState = (code: unknown): boolean => typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
