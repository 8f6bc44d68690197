const NUL = '\u0000';

/**
 * The text as a database can hold it: PostgreSQL has no U+0000, so projections show U+FFFD in its place. The record
 * itself keeps the bytes that were signed.
 */
export function plainText(text: string): string {
  return text.includes(NUL) ? text.replaceAll(NUL, '\ufffd') : text;
}
