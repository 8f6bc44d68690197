import { describe, expect, test } from 'vitest';
import { formatBase64 } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { mineHeader, pathTo, proofBytes } from '@/lib/integrity/witness/opentimestamps/testing/build-proof';
import type { WitnessEvidence } from './evidence-source';
import { buildCase, type Case, PRODUCER } from './testing/build-case';
import { withFingerprint } from './trust/root-bytes';
import type { TrustRoot, TrustRootOf } from './trust/trust-root';
import { type VerificationMemory, verifyDecision } from './verify-decision';

const NOTHING: VerificationMemory = { points: new Map(), checkpoint: null };
const MINED_AT_S = Date.UTC(2026, 10, 20, 6, 31) / 1_000;

/** A witness of the decision's own checkpoint, by a proof whose block is mined here, and that block as a root. */
async function witnessOf(
  made: Case,
  height: number,
): Promise<{ evidence: WitnessEvidence; root: TrustRoot }> {
  const inclusion = await made.source.inclusion(PRODUCER, 3);
  if (!inclusion) throw new Error('the case is in its log');
  const digest = sha256(inclusion.checkpoint);
  const receipt = proofBytes(pathTo(digest, [], { kind: 'bitcoin', height }));
  const root = withFingerprint<TrustRootOf<'bitcoin-header'>>({
    kind: 'bitcoin-header',
    name: `Bitcoin block ${height}`,
    height,
    header: formatBase64(mineHeader(digest, MINED_AT_S + height)),
    pinned: { by: 'Meera Iyer on this console', at: '2026-11-20T06:00:00.000Z' },
  });
  if (!root.ok) throw new Error(root.code);
  return {
    evidence: { witness: `calendar ${height}`, type: 'opentimestamps', receipt, inclusion },
    root: root.value,
  };
}

async function run(made: Case, witnesses: readonly WitnessEvidence[], trust: TrustRoot[]) {
  made.source.witnesses = async () => witnesses;
  made.material = { ...made.material, trust };
  const { checks } = await verifyDecision(made.detail, made.material, made.source, {
    clock: () => 0,
    nowMs: Date.UTC(2026, 10, 20, 7),
    memory: NOTHING,
  });
  const lines = checks.filter(({ id }) => id.startsWith('witness.'));
  return { lines, count: checks.find(({ id }) => id === 'witnesses'), checks };
}

test('a receipt under a pinned root: one line with its time, its root, and every check behind it', async () => {
  const made = buildCase();
  const { evidence, root } = await witnessOf(made, 7);
  const { lines, count } = await run(made, [evidence], [root]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    verdict: 'valid',
    title: 'OpenTimestamps',
    root: { fingerprint: root.fingerprint, pinnedBy: 'Meera Iyer on this console' },
  });
  expect(lines[0]?.compared).toContain('2026-11-20T06:31:07.000Z');
  expect(lines[0]?.details?.map(({ id }) => id)).toEqual([
    'log.checkpoint',
    'log.inclusion',
    'opentimestamps.form',
    'opentimestamps.digest',
    'opentimestamps.header',
    'opentimestamps.root',
  ]);
  expect(count).toMatchObject({ verdict: 'valid' });
  expect(count?.compared).toContain('1 distinct witness vouches');
});

test('two blocks of one chain are one witness, and the earlier time stands', async () => {
  const made = buildCase();
  const [first, second] = [await witnessOf(made, 7), await witnessOf(made, 8)];
  const { lines, count } = await run(made, [second.evidence, first.evidence], [first.root, second.root]);
  expect(lines.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
  expect(count?.compared).toContain('receipts of 2 witnesses, counting nobody twice: 1 distinct witness');
  expect(count?.compared).toContain('2026-11-20T06:31:07.000Z');
});

test('without its root a receipt is NOT CHECKED, says what would settle it, and nobody is counted', async () => {
  const made = buildCase();
  const { evidence } = await witnessOf(made, 7);
  const { lines, count, checks } = await run(made, [evidence], []);
  expect(lines[0]).toMatchObject({ verdict: 'not-checked' });
  expect(lines[0]?.reason).toContain('the header of Bitcoin block 7 is not pinned here');
  expect(count?.verdict).toBe('not-checked');
  expect(checks.some(({ verdict }) => verdict === 'invalid')).toBe(false);
});

describe('hostile witnesses', () => {
  const flip = (bytes: Uint8Array, at: number) =>
    bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const rows: [attack: string, code: string, change: (evidence: WitnessEvidence) => WitnessEvidence][] = [
    [
      'receipt over another checkpoint',
      'digest_mismatch',
      (evidence) => ({
        ...evidence,
        receipt: proofBytes(pathTo(sha256(new Uint8Array(1)), [], { kind: 'bitcoin', height: 7 })),
      }),
    ],
    [
      'checkpoint with another root',
      'signature_invalid',
      (evidence) => ({
        ...evidence,
        inclusion: { ...evidence.inclusion, checkpoint: flip(evidence.inclusion.checkpoint, 25) },
      }),
    ],
    [
      'proof of another leaf',
      'root_mismatch',
      (evidence) => ({ ...evidence, inclusion: { ...evidence.inclusion, index: 0 } }),
    ],
    [
      'proof at another size',
      'size_mismatch',
      (evidence) => ({ ...evidence, inclusion: { ...evidence.inclusion, size: 9 } }),
    ],
    ['no receipt at all', 'ots_magic', (evidence) => ({ ...evidence, receipt: new Uint8Array() })],
  ];
  test.each(rows)('%s: %s', async (_attack, code, change) => {
    const made = buildCase();
    const { evidence, root } = await witnessOf(made, 7);
    const { lines, count } = await run(made, [change(evidence)], [root]);
    expect(lines[0]).toMatchObject({ verdict: 'invalid', code });
    expect(count?.verdict).toBe('not-checked');
  });

  test('a console that does not answer is a reason, not a verdict', async () => {
    const made = buildCase();
    made.source.witnesses = async () => Promise.reject(new Error('503'));
    const { checks } = await verifyDecision(made.detail, made.material, made.source, {
      clock: () => 0,
      nowMs: 0,
      memory: NOTHING,
    });
    expect(checks.at(-1)).toMatchObject({ id: 'witnesses', verdict: 'not-checked' });
  });
});
