import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, sha1, sha256 } from '@/lib/core/hash';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import type { Stamped } from '../witness-report';
import type { Attestation } from './attestation';
import { formatOpenTimestamps, parseOpenTimestamps } from './detached-timestamp';
import { GENESIS_HEADER } from './genesis-header';
import type { Operation } from './operation';
import { messageAfter, mineHeader, pathTo, proofBytes } from './testing/build-proof';
import { listOpenTimestampsVectors } from './testing/vector-cases';
import type { Timestamp } from './timestamp';
import { verifyOpenTimestamps } from './verify-open-timestamps';

const BYTES = utf8('a signed checkpoint\n');
const STAMPED: Stamped = { kind: 'bytes', bytes: BYTES };
const STAMP = sha256(BYTES);
const WAY: readonly Operation[] = [
  { name: 'append', argument: utf8('nonce') },
  { name: 'sha256' },
  { name: 'prepend', argument: utf8('sibling') },
  { name: 'ripemd160' },
  { name: 'keccak256' },
  { name: 'reverse' },
];
const TIME = 1_750_000_000;
const BLOCK: Attestation = { kind: 'bitcoin', height: 7 };
const PENDING: Attestation = { kind: 'pending', calendar: 'https://alice.example' };
const HEADER = mineHeader(messageAfter(STAMP, WAY), TIME);
const TRUST = { headers: [{ height: 7, header: HEADER }] };
const GOOD = proofBytes(pathTo(STAMP, WAY, BLOCK));

function codes(receipt: Uint8Array, stamped = STAMPED, trust: typeof TRUST = TRUST): string[] {
  return verifyOpenTimestamps(receipt, stamped, trust).checks.map(
    ({ id, verdict, code }) => `${id.replace('opentimestamps.', '')} ${code ?? verdict}`,
  );
}

describeVectors('ots', 'published OpenTimestamps checks', () => {
  const cases = listOpenTimestampsVectors(readVectorBytes);

  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(18);
    expect(new Set(cases.map((one) => one.expect.split(/[ :]/)[0])).size).toBeGreaterThanOrEqual(6);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { run, expect: expected }) => {
    expect(run()).toBe(expected);
  });

  it('print back to the very bytes wherever they are proofs', () => {
    const names = new Set(cases.map(({ name }) => name.split(' ')[0]));
    const proofs = [...names].map((name) => readVectorBytes(`ots/${name}`));
    const printed = proofs.flatMap((bytes) => {
      const parsed = parseOpenTimestamps(bytes);
      return parsed.ok ? [[formatOpenTimestamps(parsed.value), bytes] as const] : [];
    });
    expect(printed.length).toBeGreaterThanOrEqual(10);
    for (const [again, bytes] of printed) expect(formatHex(again)).toBe(formatHex(bytes));
  });

  it('never throw, hang or become valid when bits, bytes or the end are changed', () => {
    const hello = readVectorBytes('ots/client/hello-world.txt.ots');
    const original: Stamped = { kind: 'bytes', bytes: readVectorBytes('ots/client/hello-world.txt') };
    const trust = {
      headers: (
        JSON.parse(Buffer.from(readVectorBytes('ots/headers/headers.json')).toString()) as {
          complete: { height: number; headerHex: string }[];
        }
      ).complete.map(({ height, headerHex }) => ({ height, header: Buffer.from(headerHex, 'hex') })),
    };
    expect(verifyOpenTimestamps(hello, original, trust).verdict).toBe('valid');
    fc.assert(
      fc.property(
        fc.nat(hello.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(hello.length - 1),
        (at, flip, cut) => {
          const changed = hello.slice();
          changed[at] = (changed[at] as number) ^ flip;
          // In the block's tree one node is paired with itself: appended or prepended, it proves the same.
          const isSame = at === 603 && flip === 1;
          expect(verifyOpenTimestamps(changed, original, trust).verdict === 'valid').toBe(isSame);
          expect(verifyOpenTimestamps(hello.subarray(0, cut), original, trust).verdict).toBe('invalid');
        },
      ),
      { numRuns: 2_000, examples: [[603, 1, 0]] },
    );
  });
});

describe('verifyOpenTimestamps', () => {
  it('tells when the block was made, and by how much work', () => {
    const report = verifyOpenTimestamps(GOOD, STAMPED, TRUST);
    expect(report).toMatchObject({ verdict: 'valid', witness: 'Bitcoin', witnessedAtMs: TIME * 1000 });
    expect(report.checks.map(({ id }) => id)).toEqual([
      'opentimestamps.form',
      'opentimestamps.digest',
      'opentimestamps.header',
      'opentimestamps.root',
    ]);
    expect(report.checks[2]?.compared).toContain('2^1 hashes');
    const fingerprint = formatDigest('sha-256', sha256(HEADER));
    expect(report.checks.map(({ root }) => root?.fingerprint)).toEqual([
      undefined,
      undefined,
      fingerprint,
      fingerprint,
    ]);
    expect(
      verifyOpenTimestamps(GOOD, { kind: 'digest', algorithm: 'sha-256', digest: STAMP }, TRUST),
    ).toEqual(report);
  });

  it('knows the first block without being told', () => {
    const root = GENESIS_HEADER.slice(36, 68);
    const proof = proofBytes({ message: root, steps: [{ attestation: { kind: 'bitcoin', height: 0 } }] });
    const stamped: Stamped = { kind: 'digest', algorithm: 'sha-256', digest: root };
    expect(verifyOpenTimestamps(proof, stamped, { headers: [] })).toMatchObject({
      verdict: 'valid',
      witnessedAtMs: Date.UTC(2009, 0, 3, 18, 15, 5),
    });
  });

  it('takes the earliest of several blocks, and one verified block for enough', () => {
    const twice: Timestamp = pathTo(STAMP, WAY, { kind: 'bitcoin', height: 9 }, BLOCK, PENDING, {
      kind: 'bitcoin',
      height: 8,
    });
    const headers = [
      ...TRUST.headers,
      { height: 9, header: mineHeader(messageAfter(STAMP, WAY), TIME - 600) },
    ];
    const report = verifyOpenTimestamps(proofBytes(twice), STAMPED, { headers });
    expect(report).toMatchObject({ verdict: 'valid', witnessedAtMs: (TIME - 600) * 1000 });
    expect(report.checks).toHaveLength(6);
    expect(report.checks[0]?.compared).toContain(
      'not checked: Bitcoin block 8, the calendar https://alice.example',
    );
  });

  it('says what a promise is still waiting for, and which block is not pinned', () => {
    const both = proofBytes(pathTo(STAMP, WAY, PENDING, BLOCK));
    const report = verifyOpenTimestamps(both, STAMPED, { headers: [] });
    expect(report).toMatchObject({ verdict: 'not-checked', witness: null, witnessedAtMs: null });
    expect(report.checks.flatMap(({ reason }) => reason ?? [])).toEqual([
      expect.stringContaining('Bitcoin block 7 is not pinned'),
      expect.stringContaining('pending: the calendar https://alice.example'),
    ]);
  });

  it.each<[attack: string, receipt: Uint8Array, stamped: Stamped, trust: typeof TRUST, codes: string[]]>([
    [
      'a proof of other bytes',
      GOOD,
      { kind: 'bytes', bytes: utf8('another checkpoint\n') },
      TRUST,
      ['form valid', 'digest digest_mismatch', 'header valid', 'root valid'],
    ],
    [
      'a block that does not hold it',
      proofBytes(pathTo(STAMP, WAY.slice(1), BLOCK)),
      STAMPED,
      TRUST,
      ['form valid', 'digest valid', 'header valid', 'root root_mismatch'],
    ],
    [
      'a false block beside a true one',
      proofBytes({
        message: STAMP,
        steps: [{ attestation: BLOCK }, ...pathTo(STAMP, WAY, BLOCK).steps],
      }),
      STAMPED,
      TRUST,
      ['form valid', 'digest valid', 'header valid', 'root root_mismatch', 'header valid', 'root valid'],
    ],
    [
      'a pinned header whose root was rewritten to fit',
      proofBytes(pathTo(STAMP, [], BLOCK)),
      STAMPED,
      { headers: [{ height: 7, header: rewritten(HEADER, 36, STAMP) }] },
      ['form valid', 'digest valid', 'header header_proof_of_work'],
    ],
    [
      'a pinned header with an impossible target',
      GOOD,
      STAMPED,
      { headers: [{ height: 7, header: rewritten(HEADER, 72, Uint8Array.of(0xff, 0xff, 0xff, 0xff)) }] },
      ['form valid', 'digest valid', 'header header_target'],
    ],
    [
      'a pinned header that is cut',
      GOOD,
      STAMPED,
      { headers: [{ height: 7, header: HEADER.slice(1) }] },
      ['form valid', 'digest valid', 'header header_length'],
    ],
    [
      'two headers pinned for one height',
      GOOD,
      STAMPED,
      { headers: [...TRUST.headers, { height: 7, header: mineHeader(STAMP, TIME) }] },
      ['form valid', 'digest valid', 'header not-checked'],
    ],
    [
      'a block at another height',
      proofBytes(pathTo(STAMP, WAY, { kind: 'bitcoin', height: 6 })),
      STAMPED,
      TRUST,
      ['form valid', 'digest valid', 'header not-checked'],
    ],
    [
      'a file digest by SHA-1, of which collisions are known',
      proofBytes(pathTo(sha1(BYTES), [], BLOCK), 'sha1'),
      STAMPED,
      { headers: [{ height: 7, header: mineHeader(new Uint8Array(32), TIME) }] },
      ['form valid', 'digest valid', 'header valid', 'root root_mismatch', 'collision not-checked'],
    ],
    [
      'a digest that cannot be held against the one at hand',
      proofBytes(pathTo(sha1(BYTES), [{ name: 'sha256' }], BLOCK), 'sha1'),
      { kind: 'digest', algorithm: 'sha-256', digest: STAMP },
      { headers: [{ height: 7, header: mineHeader(sha256(sha1(BYTES)), TIME) }] },
      ['form valid', 'digest not-checked', 'header valid', 'root valid', 'collision not-checked'],
    ],
    [
      'an attestor that nobody knows',
      proofBytes(pathTo(STAMP, WAY, { kind: 'other', tag: '0102030405060708', payload: utf8('trust me') })),
      STAMPED,
      TRUST,
      ['form valid', 'digest valid', 'pending not-checked'],
    ],
  ])('is not taken in by %s', (_, receipt, stamped, trust, expected) => {
    const report = verifyOpenTimestamps(receipt, stamped, trust);
    expect(codes(receipt, stamped, trust)).toEqual(expected);
    expect(report.verdict).not.toBe('valid');
    expect(report.witnessedAtMs).toBeNull();
  });

  it('holds for SHA-1 only where no better way leads to a block', () => {
    const weakWay: readonly Operation[] = [{ name: 'sha1' }, { name: 'sha256' }];
    const weak = pathTo(STAMP, weakWay, { kind: 'bitcoin', height: 8 });
    const headers = [{ height: 8, header: mineHeader(messageAfter(STAMP, weakWay), TIME) }, ...TRUST.headers];
    expect(verifyOpenTimestamps(proofBytes(weak), STAMPED, { headers }).verdict).toBe('not-checked');
    const both = { message: STAMP, steps: [...weak.steps, ...pathTo(STAMP, WAY, BLOCK).steps] };
    expect(verifyOpenTimestamps(proofBytes(both), STAMPED, { headers }).verdict).toBe('valid');
  });
});

function rewritten(header: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(header.subarray(0, at), bytes, header.subarray(at + bytes.length));
}
