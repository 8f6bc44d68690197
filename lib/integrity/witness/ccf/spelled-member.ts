import type { JsonObject, JsonValue } from '@/lib/core/json';

/**
 * A member that CCF spells in snake_case and Azure in camelCase. Both at once is no receipt of either, so it counts as
 * absent.
 */
export function memberOf(object: JsonObject, camelName: string): JsonValue | undefined {
  const snakeName = camelName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const names = [...new Set([camelName, snakeName])].filter((name) => Object.hasOwn(object, name));
  return names.length === 1 ? object[names[0] as string] : undefined;
}
