import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import {
  formatTimestampRequest,
  parseTimestampRequest,
} from '@/lib/integrity/witness/rfc3161/timestamp-request';

const digest = sha256(utf8('abc'));
function hex(text: string): Uint8Array {
  const bytes = parseHex(text.replaceAll(' ', ''));
  if (!bytes.ok) throw new Error(text);
  return bytes.value;
}
const IMPRINT = `3031300d060960864801650304020105000420${formatHex(digest)}`;

describe('a request', () => {
  it('is the one in the head comment', () => {
    const request = formatTimestampRequest({ digest, nonce: Uint8Array.of(1, 2) });
    expect(formatHex(request)).toBe(`303d020101${IMPRINT}020201020101ff`);
  });

  it('is read back, whatever the nonce and policy', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        fc.constantFrom(undefined, '1.2.3.4.1', '2.16.840.1.114412.7.1'),
        (nonce, policy) => {
          const der = formatTimestampRequest({ digest, nonce, ...(policy ? { policy } : {}) });
          const read = parseTimestampRequest(der);
          if (!read.ok) throw new Error(read.code);
          expect(read.value).toMatchObject({ hash: 'sha-256', digest, policy: policy ?? null });
          expect(read.value.wantsCertificate).toBe(true);
          const number = (bytes: Uint8Array): bigint => BigInt(`0x0${formatHex(bytes)}`);
          expect(number(read.value.nonce as Uint8Array)).toBe(number(nonce));
        },
      ),
    );
  });

  it.each([
    ['nothing', '', 'request_syntax'],
    ['text', formatHex(utf8('GET / HTTP/1.1')), 'request_syntax'],
    ['version 2', `3036020102${IMPRINT}`, 'request_version'],
    ['version 0x0101', `303702020101${IMPRINT}`, 'request_version'],
    [
      'MD5',
      '3025020101 3020 300c06082a864886f70d02050500 0410 00112233445566778899aabbccddeeff',
      'request_algorithm',
    ],
    ['an unknown hash', '3019020101301430080604 2a030405 0500 0408 0000000000000000', 'request_algorithm'],
    [
      'a digest of 4 bytes',
      '301a0201013015300d0609608648016503040201050004 04 00000000',
      'request_imprint_length',
    ],
    ['fields out of order', `303c020101${IMPRINT}0101ff020101`, 'request_syntax'],
    ['bytes behind it', `3036020101${IMPRINT}00`, 'request_syntax'],
  ])('refuses %s', (_, text, code) => {
    const read = parseTimestampRequest(hex(text));
    expect(read.ok ? 'ok' : read.code).toBe(code);
  });

  it('says of extensions that it knows none', () => {
    const read = parseTimestampRequest(hex(`303a020101${IMPRINT}a0023000`));
    expect(read.ok ? 'ok' : read.code).toBe('request_extension');
  });

  it('never throws', () => {
    const request = formatTimestampRequest({ digest, nonce: Uint8Array.of(9) });
    fc.assert(
      fc.property(fc.nat(request.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = request.slice();
        changed[at] = (changed[at] as number) ^ mask;
        expect(typeof parseTimestampRequest(changed).ok).toBe('boolean');
        expect(parseTimestampRequest(concatBytes(request.subarray(0, at))).ok).toBe(false);
      }),
    );
  });
});

describeVectors('rfc3161', 'published requests', () => {
  it.each(['freetsa/test-app.tar.gz.tsq', 'trailofbits/test_tsa/request.der'])('%s', (path) => {
    const read = parseTimestampRequest(readVectorBytes(`rfc3161/${path}`));
    expect(read.ok && read.value.nonce?.length).toBeGreaterThan(4);
  });
});
