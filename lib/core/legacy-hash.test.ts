import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { keccak256, md5, ripemd160 } from '@/lib/core/legacy-hash';

describe('digests of others', () => {
  it.each([
    ['', '9c1185a5c5e9fc54612808977ee8f548b2258d31'],
    ['abc', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
    ['message digest', '5d0689ef49d2fae572b881b123a85ffa21595f36'],
  ])('RIPEMD-160 of "%s" as its authors published it', (text, digest) => {
    expect(formatHex(ripemd160(utf8(text)))).toBe(digest);
  });

  it.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  ])('Keccak-256 of "%s" with the padding of the submission', (text, digest) => {
    expect(formatHex(keccak256(utf8(text)))).toBe(digest);
  });

  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ])('MD5 of "%s" as in RFC 1321', (text, digest) => {
    expect(formatHex(md5(utf8(text)))).toBe(digest);
  });
});
