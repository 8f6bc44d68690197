/**
 * BLAKE2b-512 by WebAssembly, for browsers that walk long streams: ten times as fast there as plain JavaScript (3.6 µs
 * against 39 µs for a record of 1.7 KB in Chromium). SHA-256 stays in plain JavaScript: for the two short blocks of a
 * tree node the call into WebAssembly costs what it saves (0.71 µs against 0.75 µs).
 */
import { createBLAKE2b } from 'hash-wasm';
import { equalBytes, utf8 } from '@/lib/core/bytes';
import { replacePortableBlake2b } from '@/lib/core/hash';
import { portableBlake2b512 } from '@/lib/core/hash-portable';

/**
 * Makes `blake2b512` fast on a host without Node's crypto, if that host compiles WebAssembly (a page's policy may forbid
 * it). The answers are the same either way, so nobody needs to know which it is.
 */
export async function prepareFastHash(): Promise<void> {
  const fast = await loadWasmBlake2b();
  if (fast) replacePortableBlake2b(fast);
}

/** The compiled hash, or undefined where WebAssembly is not to be had or does not give RFC 7693's own answer. */
export async function loadWasmBlake2b(): Promise<((bytes: Uint8Array) => Uint8Array) | undefined> {
  try {
    const hasher = await createBLAKE2b(512);
    const fast = (bytes: Uint8Array): Uint8Array => hasher.init().update(bytes).digest('binary');
    const known = utf8('abc');
    return equalBytes(fast(known), portableBlake2b512(known)) ? fast : undefined;
  } catch {
    return undefined;
  }
}
