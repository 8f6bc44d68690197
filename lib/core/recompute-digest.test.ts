import { expect, test } from 'vitest';
import { utf8 } from './bytes';
import { recomputeDigest } from './recompute-digest';

test.each([
  ['sha-256', 'sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'sha3-512',
    'sha3-512:b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
  ],
  [
    'blake2b-512',
    'blake2b-512:ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
  ],
])('%s of "abc" (FIPS 180-4, FIPS 202, RFC 7693)', (_, digest) => {
  expect(recomputeDigest(digest, utf8('abc'))).toBe(digest);
  expect(recomputeDigest(digest, utf8('abd'))).not.toBe(digest);
});

test('what is no digest has none', () => {
  for (const text of ['', 'model:a/b@1', 'md5:00', 'sha-256:AA'])
    expect(recomputeDigest(text, utf8('abc'))).toBeNull();
});
