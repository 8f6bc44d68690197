import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
const YEAR_0_MS = -62_167_219_200_000;
const YEAR_9999_END_MS = 253_402_300_799_999;

/** RFC 3339 in UTC with milliseconds, `2026-11-20T08:36:00.123Z`, of ms since the Unix epoch. */
export function formatInstant(unixMs: number): string {
  invariant(
    Number.isInteger(unixMs) && unixMs >= YEAR_0_MS && unixMs <= YEAR_9999_END_MS,
    'formatInstant: time out of range',
  );
  return new Date(unixMs).toISOString();
}

/** Inverse of `formatInstant`: exactly that form, and a date that exists (30 February is refused). */
export function parseInstant(text: string): Result<number, 'instant_syntax'> {
  if (!INSTANT.test(text)) return err('instant_syntax');
  const unixMs = Date.parse(text);
  if (!Number.isInteger(unixMs) || formatInstant(unixMs) !== text) return err('instant_syntax');
  return ok(unixMs);
}
