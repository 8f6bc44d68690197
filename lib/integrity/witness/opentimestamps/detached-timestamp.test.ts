import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { formatAttestation } from './attestation';
import { formatOpenTimestamps, MAX_OTS_BYTES, parseOpenTimestamps } from './detached-timestamp';
import type { Operation } from './operation';
import { formatVaruint } from './ots-cursor';
import { pathTo, proofBytes } from './testing/build-proof';
import { formatTimestamp, listAttested, parseTimestamp, type Timestamp } from './timestamp';

const DIGEST = sha256(utf8('abc'));
const START = concatBytes(
  utf8('\0OpenTimestamps\0\0Proof\0'),
  hex('bf89e2e884e89294'),
  Uint8Array.of(1, 8),
  DIGEST,
);
const BLOCK = hex('000588960d73d7190103f7ef15');
const OTHER = hex('00010203040506070800');

function hex(text: string): Uint8Array {
  const bytes = parseHex(text);
  if (!bytes.ok) throw new Error('hex');
  return bytes.value;
}

function codeOf(...parts: Uint8Array[]): string {
  const parsed = parseOpenTimestamps(concatBytes(...parts));
  return parsed.ok ? 'accepted' : parsed.code;
}

describe('the worked examples', () => {
  it('is a promise of a calendar over SHA-256("abc")', () => {
    const proof = proofBytes(pathTo(DIGEST, [], { kind: 'pending', calendar: 'https://a.example' }));
    expect(formatHex(DIGEST)).toMatch(/^ba7816bf.*15ad$/);
    expect(formatHex(proof)).toBe(
      `${formatHex(START)}0083dfe30d2ef90c8e121168747470733a2f2f612e6578616d706c65`,
    );
  });

  it('is the attestation of block 358391', () => {
    expect(formatHex(formatAttestation({ kind: 'bitcoin', height: 358391 }))).toBe(
      '0588960d73d7190103f7ef15',
    );
  });
});

describe('parseOpenTimestamps', () => {
  const append = (length: number) =>
    concatBytes(Uint8Array.of(0xf0), formatVaruint(length), new Uint8Array(length));
  const pending = (address: Uint8Array) => {
    const payload = concatBytes(formatVaruint(address.length), address);
    return concatBytes(hex('0083dfe30d2ef90c8e'), formatVaruint(payload.length), payload);
  };

  it.each<[attack: string, bytes: Uint8Array[], code: string]>([
    ['nothing', [], 'ots_magic'],
    ['the magic alone', [START.subarray(0, 31)], 'ots_truncated'],
    ['a magic with one bit changed', [Uint8Array.of(1), START.subarray(1), BLOCK], 'ots_magic'],
    ['another version', [START.subarray(0, 31), Uint8Array.of(2), START.subarray(32), BLOCK], 'ots_version'],
    [
      'version 1 spelled in two bytes',
      [START.subarray(0, 31), Uint8Array.of(0x81, 0), START.subarray(32), BLOCK],
      'ots_number',
    ],
    [
      'a file digest by an operation that is no hash',
      [START.subarray(0, 32), Uint8Array.of(0xf3), DIGEST, BLOCK],
      'ots_operation',
    ],
    ['half a digest', [START.subarray(0, 50)], 'ots_truncated'],
    ['no timestamp', [START], 'ots_truncated'],
    ['a byte behind the end', [START, BLOCK, Uint8Array.of(0)], 'ots_trailing_bytes'],
    ['an operation that does not exist', [START, Uint8Array.of(0x42), BLOCK], 'ots_operation'],
    ['fork after fork without a step', [START, new Uint8Array(100).fill(0xff)], 'ots_operation'],
    ['an argument of no bytes', [START, append(0), BLOCK], 'ots_length'],
    ['an argument of more than 4,096 bytes', [START, append(4_097), BLOCK], 'ots_length'],
    ['a length of 2^63', [START, hex('f0ffffffffffffffffff01')], 'ots_number'],
    ['a length longer than the file', [START, hex('f0a01f'), BLOCK], 'ots_truncated'],
    ['a result of more than 4,096 bytes', [START, append(4_065), BLOCK], 'ots_result_length'],
    [
      'hexlify of more than 2,048 bytes',
      [START, append(2_017), Uint8Array.of(0xf3), BLOCK],
      'ots_result_length',
    ],
    ['a result of exactly 4,096 bytes', [START, append(2_016), Uint8Array.of(0xf3), BLOCK], 'accepted'],
    [
      'an attestation of more than 8,192 bytes',
      [START, hex('000102030405060708'), formatVaruint(8_193), new Uint8Array(8_193)],
      'ots_length',
    ],
    [
      'an attestation of exactly 8,192 bytes',
      [START, hex('000102030405060708'), formatVaruint(8_192), new Uint8Array(8_192)],
      'accepted',
    ],
    ['a height with a byte behind it', [START, hex('000588960d73d7190104f7ef1500')], 'ots_attestation'],
    ['a height in too many bytes', [START, hex('000588960d73d7190104f7ef9500')], 'ots_attestation'],
    [
      'a calendar whose address is a script',
      [START, pending(utf8('javascript:alert(1)'))],
      'ots_attestation',
    ],
    ['a calendar with a query', [START, pending(utf8('https://a.example/?x=1'))], 'ots_attestation'],
    [
      'a calendar’s address of 1,001 bytes',
      [START, pending(new Uint8Array(1_001).fill(97))],
      'ots_attestation',
    ],
    ['255 operations below each other', [START, new Uint8Array(255).fill(0x08), BLOCK], 'accepted'],
    ['256 operations below each other', [START, new Uint8Array(256).fill(0x08), BLOCK], 'ots_too_deep'],
    ['a file beyond any need', [START, new Uint8Array(MAX_OTS_BYTES)], 'ots_too_large'],
  ])('answers %s', (_, bytes, code) => {
    expect(codeOf(...bytes)).toBe(code);
  });

  it('bounds the steps of a proof that is small in bytes', () => {
    // A comb: every second byte opens a fork that runs down to the depth limit.
    const comb = new Uint8Array(MAX_OTS_BYTES - START.length);
    for (let i = 0; i < comb.length; i++) comb[i] = i % 255 === 0 ? 0xff : 0x08;
    expect(codeOf(START, comb)).toBe('ots_too_deep');
    const branches = (count: number, operations: number) => [
      ...Array.from({ length: count }, () =>
        concatBytes(Uint8Array.of(0xff), new Uint8Array(operations).fill(0x08), OTHER),
      ),
      OTHER,
    ];
    expect(codeOf(START, ...branches(65, 250))).toBe('accepted');
    expect(codeOf(START, ...branches(66, 250))).toBe('ots_too_many_steps');
    expect(codeOf(START, ...branches(255, 1))).toBe('accepted');
    expect(codeOf(START, ...branches(256, 1))).toBe('ots_too_many_steps');
  });

  it('is the inverse of formatOpenTimestamps for every tree', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const operation: fc.Arbitrary<Operation> = fc.oneof(
      fc.constantFrom<Operation>(
        { name: 'sha1' },
        { name: 'ripemd160' },
        { name: 'sha256' },
        { name: 'keccak256' },
        { name: 'reverse' },
      ),
      fc.record({ name: fc.constantFrom('append' as const, 'prepend' as const), argument: bytes }),
    );
    const attestation = fc.oneof(
      fc.record({ kind: fc.constant('bitcoin' as const), height: fc.nat() }),
      fc.record({
        kind: fc.constant('pending' as const),
        calendar: fc.constantFrom('', 'https://a.example:1/x_y'),
      }),
      fc.record({
        kind: fc.constant('other' as const),
        tag: fc.constantFrom('0000000000000001', '06869a0d73d71b45'),
        payload: fc.uint8Array({ maxLength: 20 }),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(operation, { maxLength: 8 }), attestation), {
          minLength: 1,
          maxLength: 6,
        }),
        (paths) => {
          const steps = paths.flatMap(([way, end]) => pathTo(DIGEST, way, end).steps);
          const timestamp: Timestamp = { message: DIGEST, steps };
          const printed = proofBytes(timestamp);
          expect(parseOpenTimestamps(printed)).toEqual({
            ok: true,
            value: { fileHash: 'sha256', timestamp },
          });
          expect(listAttested(timestamp).map((one) => one.attestation)).toEqual(paths.map(([, end]) => end));
          expect(parseTimestamp(formatTimestamp(timestamp), DIGEST)).toEqual({ ok: true, value: timestamp });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throws, and prints back whatever it accepts, over arbitrary bytes behind a true beginning', () => {
    const tag = fc.constantFrom(0x00, 0x02, 0x03, 0x08, 0x67, 0xf0, 0xf1, 0xf2, 0xf3, 0xff, 1, 4);
    const tail = fc.array(fc.oneof(tag, fc.nat(255)), { maxLength: 200 });
    fc.assert(
      fc.property(tail, (numbers) => {
        const bytes = concatBytes(START, Uint8Array.from(numbers), BLOCK);
        const parsed = parseOpenTimestamps(bytes);
        if (parsed.ok) expect(formatHex(formatOpenTimestamps(parsed.value))).toBe(formatHex(bytes));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('parseTimestamp', () => {
  it('takes no more from a calendar than its reference client does', () => {
    expect(parseTimestamp(new Uint8Array(10_001), DIGEST)).toMatchObject({
      ok: false,
      code: 'ots_too_large',
    });
    expect(parseTimestamp(concatBytes(BLOCK, BLOCK), DIGEST)).toMatchObject({ code: 'ots_trailing_bytes' });
    expect(parseTimestamp(new Uint8Array(0), DIGEST)).toMatchObject({ code: 'ots_truncated' });
  });
});
