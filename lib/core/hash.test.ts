import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatHex, parseHex } from '@/lib/core/encoding';
import {
  blake2b512,
  formatDigest,
  hmacSha256,
  parseDigest,
  sha1,
  sha3_512,
  sha256,
  sha384,
  sha512,
} from '@/lib/core/hash';
import {
  portableBlake2b512,
  portableHmacSha256,
  portableSha1,
  portableSha3_512,
  portableSha384,
  portableSha512,
} from '@/lib/core/hash-portable';
import { portableSha256 } from '@/lib/core/sha256-portable';
import { listBlake2bVectors, listSha3Vectors } from '@/lib/core/testing/hash-vectors';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';

function _hex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (!bytes.ok) throw new Error(`not hex: ${text}`);
  return bytes.value;
}

const implementations = [
  ['native', { sha1, sha256, sha384, sha3_512, blake2b512, hmacSha256 }],
  [
    'portable',
    {
      sha1: portableSha1,
      sha256: portableSha256,
      sha384: portableSha384,
      sha3_512: portableSha3_512,
      blake2b512: portableBlake2b512,
      hmacSha256: portableHmacSha256,
    },
  ],
] as const;

describe.each(implementations)('%s hashes', (_, hash) => {
  it('answers the standards', () => {
    expect(formatHex(hash.sha256(utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    // FIPS 180-4 examples, "abc".
    expect(formatHex(hash.sha1(utf8('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    expect(formatHex(hash.sha384(utf8('abc')))).toBe(
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    );
    // RFC 7693 appendix A.
    expect(formatHex(hash.blake2b512(utf8('abc')))).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
    // RFC 4231 test case 2.
    expect(formatHex(hash.hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('returns plain bytes', () => {
    expect(Object.getPrototypeOf(hash.sha256(new Uint8Array(0)))).toBe(Uint8Array.prototype);
  });

  it('reads only the viewed part of a larger buffer', () => {
    const whole = Uint8Array.of(9, 97, 98, 99, 9);
    expect(hash.sha3_512(whole.subarray(1, 4))).toEqual(hash.sha3_512(utf8('abc')));
  });
});

describeVectorCases('ed25519/sha3', 'SHA3-512 known answers (Keccak team)', 100, listSha3Vectors);

describeVectorCases('ed25519/blake2b', 'BLAKE2b known answers', 150, listBlake2bVectors);

describe('native and portable', () => {
  it('agree on every input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 100 }), (message, key) => {
        expect(portableSha256(message)).toEqual(sha256(message));
        expect(portableSha512(message)).toEqual(sha512(message));
        expect(portableSha3_512(message)).toEqual(sha3_512(message));
        expect(portableBlake2b512(message)).toEqual(blake2b512(message));
        expect(portableHmacSha256(key, message)).toEqual(hmacSha256(key, message));
      }),
    );
  });
});

describe('digest text', () => {
  it('prints and reads back', () => {
    const bytes = sha256(utf8('abc'));
    const text = formatDigest('sha-256', bytes);
    expect(text).toBe('sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(parseDigest(text)).toEqual({ ok: true, value: { alg: 'sha-256', bytes } });
  });

  it.each([
    ['no algorithm', 'ab'.repeat(32), 'digest_syntax'],
    ['an unknown algorithm', `md5:${'ab'.repeat(16)}`, 'digest_algorithm'],
    ['a prototype member as algorithm', 'constructor:00', 'digest_algorithm'],
    ['upper case', `sha-256:${'AB'.repeat(32)}`, 'digest_syntax'],
    ['truncation', `sha3-512:${'ab'.repeat(32)}`, 'digest_length'],
    ['a second colon', `sha-256::${'ab'.repeat(32)}`, 'digest_syntax'],
  ])('refuses %s', (_, text, code) => {
    expect(parseDigest(text)).toMatchObject({ ok: false, code });
  });
});
