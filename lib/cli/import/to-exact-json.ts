import type { JsonObject, JsonValue } from '@/lib/core/json';

/**
 * Tool arguments as exact JSON: money and other fractions become decimal strings, because nothing that is hashed or
 * signed may be a float (formats.md §1). Text that is no JSON object is kept whole under `raw`: nothing is lost.
 */
export function toExactJson(value: unknown): { args: JsonObject; unreadable: boolean } {
  let parsed = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value);
    } catch {
      return { args: { raw: value }, unreadable: true };
    }
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    return {
      args: { raw: typeof value === 'string' ? value : JSON.stringify(value ?? null) },
      unreadable: true,
    };
  }
  return { args: exact(parsed) as JsonObject, unreadable: false };
}

function exact(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : plainDecimal(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(exact);
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [key, exact(item)]),
  ) as JsonObject;
}

/** A number as a decimal without exponent. */
function plainDecimal(value: number): string {
  const text = String(value);
  return /e/i.test(text) ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}
