import { expect, test } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { hashContent } from './hash-content';

const salt = new Uint8Array(32).fill(7);
const digestOf = (bytes: Uint8Array) => formatDigest('sha3-512', sha3_512(concatBytes(salt, bytes)));
const payloadOf = (bytes: Uint8Array) => ({
  role: 'input',
  mediaType: 'text/plain',
  salt: formatBase64(salt),
  content: formatBase64(bytes),
  digest: digestOf(bytes),
  look: 'rec_1',
});

test('a content is hashed with its salt and compared with the record, whatever the server says of it', () => {
  const bytes = utf8('lactate 4.1');
  const expected = digestOf(bytes);
  expect(hashContent(payloadOf(bytes), new Set([expected]))).toEqual({
    text: 'lactate 4.1',
    byteCount: 11,
    computed: expected,
    matches: true,
  });
  const altered = { ...payloadOf(utf8('lactate 1.4')), digest: expected };
  expect(hashContent(altered, new Set([expected]))?.matches).toBe(false);
  expect(hashContent(payloadOf(bytes), undefined)?.matches).toBeNull();
});

test('bytes that are no text are hashed and not shown; a salt that is no base64 is nothing', () => {
  const bytes = new Uint8Array([0xff, 0xfe]);
  expect(hashContent(payloadOf(bytes), new Set([digestOf(bytes)]))).toMatchObject({
    text: null,
    matches: true,
  });
  expect(hashContent({ ...payloadOf(bytes), salt: 'AAA' }, undefined)).toBeNull();
});
