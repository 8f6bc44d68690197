import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { parseHex } from '@/lib/core/encoding';
import { loadWasmBlake2b } from '@/lib/core/fast-hash';
import { blake2b512 } from '@/lib/core/hash';

const wasm = await loadWasmBlake2b();
if (!wasm) throw new Error('this host compiles no WebAssembly');

afterEach(() => {
  vi.doUnmock('@/lib/core/node-builtins');
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('BLAKE2b-512 by WebAssembly', () => {
  it('agrees with the native one on every input, also on a view into a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(20), (bytes, offset) => {
        const view = bytes.subarray(Math.min(offset, bytes.length));
        expect(wasm(view)).toEqual(blake2b512(view));
      }),
    );
  });

  it('keeps no state from one input to the next, and hands out memory of its own', () => {
    const first = wasm(utf8('abc'));
    const copy = first.slice();
    wasm(new Uint8Array(100_000));
    expect(first).toEqual(copy);
    expect(wasm(utf8('abc'))).toEqual(first);
  });
});

function _hex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (!bytes.ok) throw new Error(`not hex: ${text}`);
  return bytes.value;
}

describe('a host without Node’s crypto', () => {
  async function loadInBrowser() {
    vi.resetModules();
    vi.doMock('@/lib/core/node-builtins', () => ({ nodeCrypto: undefined, nodeBuffer: undefined }));
    const [{ prepareFastHash }, hash] = await Promise.all([
      import('@/lib/core/fast-hash'),
      import('@/lib/core/hash'),
    ]);
    return { prepareFastHash, hash };
  }

  it.each([
    ['that compiles WebAssembly', false],
    ['whose policy forbids WebAssembly', true],
  ])('%s answers the same before and after it was prepared', async (_, forbidden) => {
    const { prepareFastHash, hash } = await loadInBrowser();
    if (forbidden)
      vi.stubGlobal('WebAssembly', {
        compile: () => Promise.reject(new EvalError('refused by the page’s policy')),
      });
    const bytes = new Uint8Array(1_000).fill(7);
    const before = hash.blake2b512(bytes);
    await prepareFastHash();
    expect(hash.blake2b512(bytes)).toEqual(before);
    expect(before).toEqual(blake2b512(bytes));
  });
});
