import { createHash } from 'node:crypto';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatWords, hashAfterByte, hashPairAfterByte, portableSha256 } from '@/lib/core/sha256-portable';

function nodeSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('portable SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('answers FIPS 180-4 for %j', (text, digest) => {
    expect(formatHex(portableSha256(utf8(text)))).toBe(digest);
  });

  it('agrees with OpenSSL and noble at every length across three block borders', () => {
    for (let length = 0; length <= 260; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);
      const digest = formatHex(portableSha256(bytes));
      expect(digest).toBe(nodeSha256(bytes));
      expect(digest).toBe(formatHex(nobleSha256(bytes)));
    }
  });

  it('agrees with OpenSSL on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(formatHex(portableSha256(bytes))).toBe(nodeSha256(bytes));
      }),
    );
  });

  it('agrees on a million bytes, and keeps nothing from one call to the next', () => {
    const million = new Uint8Array(1_000_000).fill(97);
    // FIPS 180-4 example: one million times "a".
    const digest = 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0';
    expect(formatHex(portableSha256(million))).toBe(digest);
    expect(formatHex(portableSha256(new Uint8Array(0)))).toBe(nodeSha256(new Uint8Array(0)));
  });
});

describe('SHA-256 of a tree, in words', () => {
  it('hashes a byte and what stands after it as OpenSSL does, at every length across three block borders', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) & 0xff);
    const out = new Int32Array(24).fill(-1);
    for (let length = 0; length <= 260; length++) {
      hashAfterByte(length & 1, bytes, 7, 7 + length, out, 8);
      const whole = Uint8Array.of(length & 1, ...bytes.subarray(7, 7 + length));
      expect(formatHex(formatWords(out, 8))).toBe(nodeSha256(whole));
    }
    expect(out.slice(0, 8)).toEqual(new Int32Array(8).fill(-1));
    expect(out.slice(16)).toEqual(new Int32Array(8).fill(-1));
  });

  it('hashes two neighbours as OpenSSL does, also in the place of the first', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.constantFrom(0, 1, 0xff),
        (pair, byte) => {
          const view = new DataView(pair.buffer, pair.byteOffset);
          const words = Int32Array.from({ length: 16 }, (_, i) => view.getInt32(4 * i));
          const expected = nodeSha256(Uint8Array.of(byte, ...pair));
          const apart = new Int32Array(8);
          hashPairAfterByte(byte, words, 0, apart, 0);
          expect(formatHex(formatWords(apart, 0))).toBe(expected);
          hashPairAfterByte(byte, words, 0, words, 0);
          expect(formatHex(formatWords(words, 0))).toBe(expected);
        },
      ),
    );
  });
});
