import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import { describeVectors, hasVector, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { MAX_TIMESTAMP_BYTES } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import {
  decideExpectation,
  listTimestampVectors,
  type VectorCase,
} from '@/lib/integrity/witness/rfc3161/testing/vector-cases';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';

const LINES = [
  'rfc3161.format',
  'rfc3161.status',
  'rfc3161.imprint',
  'rfc3161.nonce',
  'rfc3161.signer',
  'rfc3161.eku',
  'rfc3161.content-type',
  'rfc3161.digest',
  'rfc3161.attributes',
  'rfc3161.ess',
  'rfc3161.signature',
  'rfc3161.chain',
];

function failed({ checks }: WitnessReport): string[] {
  return checks.filter(({ verdict }) => verdict === 'invalid').map(({ id, code }) => `${id} ${code}`);
}

describeVectors('rfc3161', 'published time stamps', () => {
  const { cases, absent } = listTimestampVectors(
    (path) => readVectorBytes(`rfc3161/${path}`),
    (path) => hasVector(`rfc3161/${path}`),
  );
  const named = (name: string): VectorCase => {
    const found = cases.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no vector ${name}`);
    return found;
  };

  it.each(cases)('$name is $expect', async ({ run, expect: expected }) => {
    expect(await run()).toBe(expected);
  });
  for (const name of absent) it.skip(`${name}: its files are not present`);

  it('has vectors of every verdict', () => {
    const of = (verdict: string): number => cases.filter((one) => one.expect === verdict).length;
    expect([of('valid') > 40, of('invalid') > 30, of('not-checked') > 3]).toEqual([true, true, true]);
  });

  it.each([
    ['tob-injected-certs', 'CN=Test TSA Timestamping', '2024-10-08'],
    ['notary-microsoft-noroot', 'CN=Microsoft Public RSA Time Stamping Authority', '.884Z'],
    ['freetsa-SOVEREIGN_LORE_CODEX_V1', 'CN=www.freetsa.org', '2025-10-19T23:14:06.000Z'],
    ['tob-mock-expired', 'CN=', '2023-02-01'],
  ])('%s names its true signer and its time', async (name, signer, time) => {
    const report = await named(name).report();
    expect(report.verdict).toBe('valid');
    expect(report.witness?.startsWith(signer), report.witness ?? '').toBe(true);
    expect(report.witness).not.toContain('Spoofed');
    expect(formatInstant(report.witnessedAtMs ?? 0)).toContain(time);
    expect(report.checks.at(-1)?.root?.fingerprint).toMatch(/^sha-256:[0-9a-f]{64}$/);
  });

  // The place where each published attack is caught, so that a verdict is not right for a wrong reason.
  it.each([
    ['freetsa-wrong-data', ['rfc3161.imprint imprint_mismatch']],
    ['freetsa-wrong-nonce', ['rfc3161.imprint imprint_mismatch', 'rfc3161.nonce nonce_mismatch']],
    ['freetsa-wrong-root', ['rfc3161.chain chain_untrusted']],
    ['ietfcms-rejected', ['rfc3161.status status_refused']],
    ['tob-sigstage-badsig', ['rfc3161.signature signature_invalid']],
    ['notary-TimeStampTokenWithInvalidSignature', ['rfc3161.signature signature_invalid']],
    ['derived-gentime-backdated', ['rfc3161.digest digest_mismatch']],
    ['derived-ber-indefinite', ['rfc3161.format der_not_strict']],
    ['derived-trailing-garbage', ['rfc3161.format der_trailing_bytes']],
    ['derived-truncated', ['rfc3161.format der_truncated']],
    ['derived-cms-ekuNotCritical', ['rfc3161.eku purpose']],
    ['derived-cms-ekuCodeSigning', ['rfc3161.eku purpose']],
    ['derived-cms-ekuExtra', ['rfc3161.eku purpose']],
    ['derived-cms-ekuNone', ['rfc3161.eku purpose']],
    ['derived-sha1-imprint', ['rfc3161.imprint imprint_algorithm']],
    ['notary-TimeStampTokenWithValidAndInvalidSignerInfos', ['rfc3161.signer signer_count']],
    ['sigconf-rekor2-timestamp-outside-tsa-cert-validity_fail', ['rfc3161.chain chain_expired']],
    [
      'sigconf-rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail',
      ['rfc3161.signer signer_untrusted'],
    ],
  ])('%s fails at %s', async (name, places) => {
    expect(failed(await named(name).report())).toEqual(places);
  });

  it('says what was refused in the words of the authority', async () => {
    const report = await named('notary-rejection').report();
    const status = report.checks.find(({ id }) => id === 'rfc3161.status');
    expect(status?.computed).toContain('rejection: badAlg');
    expect(status?.computed).toContain('unknown algorithm');
  });

  it('gives the lines in their order, without a nonce line where no nonce is known', async () => {
    const withNonce = await named('tob-testtsa-query').report();
    expect(withNonce.checks.map(({ id }) => id)).toEqual(LINES);
    const without = await named('tob-testtsa').report();
    expect(without.checks.map(({ id }) => id)).toEqual(LINES.filter((id) => id !== 'rfc3161.nonce'));
  });

  it('a root must be pinned: without one the chain is NOT CHECKED', async () => {
    const receipt = readVectorBytes('rfc3161/freetsa/test-app.tar.gz.tsr');
    const bytes = readVectorBytes('rfc3161/freetsa/test-app.tar.gz');
    const report = await verifyTimestamp(receipt, { kind: 'bytes', bytes }, { anchors: [] });
    expect(report.verdict).toBe('not-checked');
    expect(report.witness).toBeNull();
    expect(report.witnessedAtMs).toBeNull();
    expect(report.checks.filter(({ verdict }) => verdict !== 'valid').map(({ id }) => id)).toEqual([
      'rfc3161.chain',
    ]);
  });

  it('a digest of another algorithm cannot be held against the imprint', async () => {
    const receipt = readVectorBytes('rfc3161/freetsa/test-app.tar.gz.tsr');
    const digest = new Uint8Array(20);
    const report = await verifyTimestamp(
      receipt,
      { kind: 'digest', algorithm: 'sha-1', digest },
      { anchors: [] },
    );
    expect(report.checks.find(({ id }) => id === 'rfc3161.imprint')?.verdict).toBe('not-checked');
  });

  it('whatever is changed, it ends in a report, and no changed token tells another time or name', async () => {
    for (const one of cases) {
      const original = await one.report();
      await fc.assert(
        fc.asyncProperty(mutation, async (mutate) => {
          const report = await one.report(mutate);
          expect(report.checks.length).toBeGreaterThan(0);
          expect(report.checks.every(({ id }) => LINES.includes(id))).toBe(true);
          expect(report.checks.every((check) => check.verdict !== 'invalid' || check.code)).toBe(true);
          if (report.verdict !== 'valid') return;
          expect(report.witnessedAtMs).toBe(original.witnessedAtMs);
          expect(report.witness).toBe(original.witness);
        }),
        { numRuns: 8, seed: 3161 },
      );
    }
  });

  it('one bit in every byte of a token breaks it, but for the one that says granted', async () => {
    const one = named('derived-local-good');
    const receipt = readVectorBytes(`rfc3161/${one.file}`);
    const harmless: number[] = [];
    for (let at = 0; at < receipt.length; at++) {
      const report = await one.report((bytes) => flip(bytes, at, 1));
      if (report.verdict === 'valid') harmless.push(at);
    }
    // The status stands outside the signature: granted ↔ granted with modifications.
    expect(harmless).toEqual([8]);
  });
});

type Mutate = (receipt: Uint8Array) => Uint8Array;
const mutation: fc.Arbitrary<Mutate> = fc.oneof(
  fc.tuple(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 255 })).map(
    ([where, mask]): Mutate =>
      (bytes) =>
        flip(bytes, Math.floor(where * bytes.length), mask),
  ),
  fc.double({ min: 0, max: 0.9999, noNaN: true }).map(
    (where): Mutate =>
      (bytes) =>
        bytes.subarray(0, Math.floor(where * bytes.length)),
  ),
  fc
    .tuple(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.uint8Array({ minLength: 1, maxLength: 8 }))
    .map(
      ([where, put]): Mutate =>
        (bytes) => {
          const at = Math.floor(where * bytes.length);
          return concatBytes(bytes.subarray(0, at), put, bytes.subarray(at));
        },
    ),
);

function flip(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[at] = (flipped[at] as number) ^ mask;
  return flipped;
}

describe('bytes that are no time stamp', () => {
  it.each([
    ['nothing', new Uint8Array(0), 'der_truncated'],
    ['one byte', Uint8Array.of(0x30), 'der_truncated'],
    ['an empty sequence', Uint8Array.of(0x30, 0x00), 'status_syntax'],
    ['text', utf8('not a time stamp'), 'der_truncated'],
    ['more than the cap', new Uint8Array(MAX_TIMESTAMP_BYTES + 1), 'der_too_large'],
    ['a length beyond all bounds', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff), 'der_truncated'],
    ['a tower of sequences', tower(20_000), 'der_not_strict'],
    ['a sequence of 30,000 NULLs', manyNulls(30_000), 'der_syntax'],
  ])('%s', async (_, receipt, code) => {
    const report = await verifyTimestamp(receipt, { kind: 'bytes', bytes: utf8('x') }, { anchors: [] });
    expect(report.verdict).toBe('invalid');
    expect(failed(report)).toEqual([`rfc3161.format ${code}`]);
    expect(report.witnessedAtMs).toBeNull();
  });

  it('random bytes always end in a report', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (receipt) => {
        const report = await verifyTimestamp(
          receipt,
          { kind: 'bytes', bytes: utf8('x') },
          { anchors: [receipt] },
        );
        expect(report.verdict).toBe('invalid');
      }),
    );
  });
});

describe('decisions where implementations may differ', () => {
  it('knows every expectation of the published index, and refuses unknown ones', () => {
    expect(decideExpectation('valid-at-genTime')).toBe('valid');
    expect(decideExpectation('policy: RFC 3161 requires DER; content is otherwise genuine')).toBe('invalid');
    expect(() => decideExpectation('maybe')).toThrow();
  });
});

function wrap(content: Uint8Array): Uint8Array {
  const length = content.length;
  return concatBytes(Uint8Array.of(0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff), content);
}
function manyNulls(count: number): Uint8Array {
  const content = new Uint8Array(2 * count);
  for (let i = 0; i < count; i++) content[2 * i] = 0x05;
  return length16(content);
}
function length16(content: Uint8Array): Uint8Array {
  return content.length > 0xffff
    ? wrap(content)
    : concatBytes(Uint8Array.of(0x30, 0x82, content.length >> 8, content.length & 0xff), content);
}
/** SEQUENCE in SEQUENCE, as deep as the cap allows. */
function tower(depth: number): Uint8Array {
  const headers: Uint8Array[] = [];
  let length = 0;
  for (let i = 0; i < depth && length < MAX_TIMESTAMP_BYTES - 4; i++) {
    const header =
      length < 0x80
        ? Uint8Array.of(0x30, length)
        : length < 0x100
          ? Uint8Array.of(0x30, 0x81, length)
          : Uint8Array.of(0x30, 0x82, length >> 8, length & 0xff);
    headers.unshift(header);
    length += header.length;
  }
  return concatBytes(...headers);
}
