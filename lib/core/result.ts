/**
 * The answer of every function that reads hostile input: a value, or one code of a closed union.
 * `detail` is for people and logs; it never carries the input itself.
 */
export type Result<T, C extends string> = Ok<T> | Err<C>;
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<C extends string> = { readonly ok: false; readonly code: C; readonly detail?: string };

/** Wraps a value as success. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/** Wraps a closed code (and an optional human hint) as failure. */
export function err<C extends string>(code: C, detail?: string): Err<C> {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}
