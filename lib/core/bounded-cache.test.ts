import { describe, expect, it } from 'vitest';
import { createBoundedCache } from '@/lib/core/bounded-cache';

describe('bounded cache', () => {
  it('makes a value once per key content, not per array', () => {
    const cache = createBoundedCache<number>(4);
    let made = 0;
    const make = () => ++made;
    expect(cache.get(Uint8Array.of(1), make)).toBe(1);
    expect(cache.get(Uint8Array.of(1), make)).toBe(1);
    expect(cache.get(Uint8Array.of(2), make)).toBe(2);
  });

  it('forgets the oldest beyond its capacity', () => {
    const cache = createBoundedCache<string>(2);
    for (const byte of [1, 2, 3]) cache.get(Uint8Array.of(byte), () => `first ${byte}`);
    expect(cache.get(Uint8Array.of(3), () => 'again')).toBe('first 3');
    expect(cache.get(Uint8Array.of(1), () => 'again')).toBe('again');
  });

  it('remembers no failures', () => {
    const cache = createBoundedCache<string>(2);
    expect(cache.get(Uint8Array.of(1), () => undefined)).toBeUndefined();
    expect(cache.get(Uint8Array.of(1), () => 'now')).toBe('now');
  });
});
