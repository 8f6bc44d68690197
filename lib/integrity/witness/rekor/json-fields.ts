import { parseBase64, parseDecimal, parseHex } from '@/lib/core/encoding';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';

/** Members as JSON of protocol buffers and of Rekor v1 spells them; null for anything else. */

export function objectOf(value: JsonValue | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A non-negative integer, also as decimal digits in a string (as protocol buffers print 64 bits). */
export function integerOf(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null;
  const parsed = typeof value === 'string' ? parseDecimal(value) : null;
  return parsed?.ok ? parsed.value : null;
}

export function base64Of(value: JsonValue | undefined): Uint8Array | null {
  const parsed = typeof value === 'string' ? parseBase64(value) : null;
  return parsed?.ok ? parsed.value : null;
}

export function hexOf(value: JsonValue | undefined): Uint8Array | null {
  const parsed = typeof value === 'string' ? parseHex(value) : null;
  return parsed?.ok ? parsed.value : null;
}

/** Every element read, or null. */
export function listOf<T>(
  value: JsonValue | undefined,
  most: number,
  read: (element: JsonValue) => T | null,
): T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const elements = value.map(read);
  return elements.every((element) => element !== null) ? (elements as T[]) : null;
}
