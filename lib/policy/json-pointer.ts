import type { JsonValue } from '@/lib/core/json';

/**
 * The value at a JSON Pointer (RFC 6901), or undefined where there is none. Only own members count; array indexes are
 * plain decimals without leading zeros, and `-` never names an element.
 */
export function resolvePointer(value: JsonValue, pointer: string): JsonValue | undefined {
  if (pointer === '') return value;
  if (!pointer.startsWith('/')) return undefined;
  let current: JsonValue | undefined = value;
  for (const token of pointer.slice(1).split('/')) {
    if (/~(?![01])/.test(token)) return undefined;
    current = step(current, token.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (current === undefined) return undefined;
  }
  return current;
}

function step(value: JsonValue | undefined, token: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.hasOwn(value, token) ? value[token] : undefined;
  return /^(0|[1-9]\d{0,8})$/.test(token) ? value[Number(token)] : undefined;
}
