import { formatHex } from '@/lib/core/encoding';

/**
 * A cache of derived values by key bytes that forgets the oldest entry beyond `capacity`. Values that could
 * not be made (undefined) are not remembered, so hostile keys cannot push good ones out for free.
 */
export function createBoundedCache<V>(capacity: number): {
  get(key: Uint8Array, make: () => V | undefined): V | undefined;
} {
  const entries = new Map<string, V>();
  return {
    get(key, make) {
      const name = formatHex(key);
      const known = entries.get(name);
      if (known !== undefined) return known;
      const made = make();
      if (made === undefined) return undefined;
      if (entries.size >= capacity) {
        const oldest = entries.keys().next().value;
        if (oldest !== undefined) entries.delete(oldest);
      }
      entries.set(name, made);
      return made;
    },
  };
}
