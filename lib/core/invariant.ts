/** Thrown for states that only a bug in this program can produce, never for input. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Asserts what the program itself guarantees; throws `InvariantError` otherwise. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
