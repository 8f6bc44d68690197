import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RekorServer, startRekorServer } from '@/e2e/witnesses/rekor-server';
import { verifyRekorEntry } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';
import type { AnchorKey } from '../keys/anchor-key';
import { rekorAdapterWith } from './rekor';
import { stampRequest, witnessErrorOf } from './testing/stamp-request';

const NOTE = new TextEncoder().encode('console.example/log\n1\nAAAA\n\n— console.example/log BBBB\n');

function newAnchor(): AnchorKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    sign: (message) => new Uint8Array(sign('sha256', message, privateKey)),
  };
}

const anchor = newAnchor();
const adapter = rekorAdapterWith(() => anchor);
let rekor: RekorServer;

beforeEach(async () => {
  rekor = await startRekorServer();
});
afterEach(() => rekor.stop());

async function stamp(version: 'v1' | 'v2', by = adapter): Promise<Uint8Array> {
  const answer = await by.stamp(stampRequest(NOTE), by.settings.parse({ url: `${rekor.url}/`, version }));
  expect(answer.state).toBe('complete');
  return answer.receipt;
}

function verify(
  receipt: Uint8Array,
  more: { anchorKeys?: Uint8Array[]; note?: Uint8Array } = {},
): Promise<WitnessReport> {
  const { anchorKeys = [anchor.publicKey], note = NOTE } = more;
  return verifyRekorEntry(receipt, { kind: 'bytes', bytes: note }, { logs: rekor.logs, anchorKeys });
}

const codesOf = ({ checks }: WitnessReport): string[] => checks.flatMap(({ code }) => code ?? []);

describe.each(['v1', 'v2'] as const)('rekorAdapter, %s', (version) => {
  it('has the stamp logged under the anchoring key, in an entry that a pinned log verifies', async () => {
    const beforeMs = Date.now() - 1_000;
    const report = await verify(await stamp(version));
    expect(report.checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'rekor.entry valid',
      'rekor.stamp valid',
      'rekor.signature valid',
      'rekor.signer valid',
      'rekor.checkpoint valid',
      'rekor.inclusion valid',
      ...(version === 'v1' ? ['rekor.set valid'] : []),
    ]);
    expect(report.witness).toBe(version === 'v1' ? 'rekor.example, entry 1000005' : 'rekor.example, entry 3');
    // Only v1 signs a time.
    if (version === 'v1') expect(report.witnessedAtMs).toBeGreaterThanOrEqual(beforeMs);
    else expect(report.witnessedAtMs).toBeNull();
    expect(rekor.requests).toEqual([`POST /api/${version}/log/entries`]);
  });

  it('may be asked twice, as after an answer that was lost', async () => {
    const [first, second] = [await stamp(version), await stamp(version)];
    expect(first).not.toEqual(second);
    expect([(await verify(first)).verdict, (await verify(second)).verdict]).toEqual(['valid', 'valid']);
  });

  it('proves each of many entries', async () => {
    for (let i = 0; i < 7; i++) expect((await verify(await stamp(version))).verdict).toBe('valid');
  });

  it('shows nothing for another checkpoint, under another key, or in another log', async () => {
    const receipt = await stamp(version);
    expect(codesOf(await verify(receipt, { note: NOTE.subarray(1) }))).toContain('rekor_stamp_mismatch');
    expect(codesOf(await verify(receipt, { anchorKeys: [newAnchor().publicKey] }))).toEqual([
      'rekor_signer_mismatch',
    ]);
    const other = await startRekorServer();
    const strange = await verifyRekorEntry(
      receipt,
      { kind: 'bytes', bytes: NOTE },
      { logs: other.logs, anchorKeys: [anchor.publicKey] },
    );
    await other.stop();
    expect([strange.verdict, strange.witness]).toEqual(['not-checked', null]);
  });

  it.each([
    ['garbage', 'witness_answer_invalid'],
    ['huge', 'witness_answer_invalid'],
    ['busy', 'witness_busy'],
    ['redirect', 'witness_refused'],
    ['hang-up', 'witness_unreachable'],
    ['other-entry', 'witness_answer_invalid'],
    ['other-tree', 'witness_answer_invalid'],
  ] as const)('tells of %s', async (fault, code) => {
    rekor.fault = fault;
    const error = await witnessErrorOf(stamp(version));
    expect(error.code).toBe(code);
  });

  it('is refused by a log that finds the signature wrong', async () => {
    const wrong = rekorAdapterWith(() => ({ ...anchor, sign: newAnchor().sign }));
    expect((await witnessErrorOf(stamp(version, wrong))).code).toBe('witness_refused');
  });
});

describe('rekorAdapter', () => {
  it('asks v1 again for a proof that the first answer lacks', async () => {
    rekor.fault = 'late-proof';
    expect((await verify(await stamp('v1'))).verdict).toBe('valid');
    expect(rekor.requests.map((line) => line.replace(/[0-9a-f]{80}/, '<uuid>'))).toEqual([
      'POST /api/v1/log/entries',
      'GET /api/v1/log/entries/<uuid>',
    ]);
  });

  it('takes no entry from an answer without one', async () => {
    rekor.fault = 'no-entry';
    expect((await witnessErrorOf(stamp('v1'))).code).toBe('witness_answer_invalid');
  });

  it('asks v2 where nothing else is said, and takes no other version', () => {
    expect(adapter.settings.parse({ url: 'https://log.example/' })).toEqual({
      url: 'https://log.example',
      version: 'v2',
    });
    expect(adapter.settings.safeParse({ url: 'https://log.example', version: 'v3' }).success).toBe(false);
  });
});
