import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import type { Stamped } from '../witness-report';
import { buildAuditLog, putEventOf } from './testing/build-audit-log';
import { listWormVectors } from './testing/vector-cases';
import { verifyWorm, type WormOptions } from './verify-worm';
import { type CloudTrailEvidence, formatWormStatement, type WormStatement } from './worm-statement';

const BYTES = utf8('a signed checkpoint\n');
const STAMPED: Stamped = { kind: 'bytes', bytes: BYTES };
const NOW = Date.UTC(2026, 10, 20, 12);
const OPTIONS: WormOptions = { nowMs: NOW, minimumRetainUntilMs: Date.UTC(2033, 0, 1) };
const aws = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const TRUST = { auditKeys: [spki(other.publicKey), spki(aws.publicKey)] };

const CLAIM: WormStatement = {
  format: 'countersign/worm/v1',
  provider: 's3',
  bucket: 'audit',
  key: 'checkpoints/1.checkpoint',
  versionId: '3HL4kqtJvjVBH40Nrjfkd',
  checksumSha256: formatBase64(sha256(BYTES)),
  mode: 'COMPLIANCE',
  retainUntil: '2033-11-20T00:00:00.000Z',
  legalHold: false,
  readAt: '2026-11-20T08:36:05.123Z',
  stored: formatBase64(BYTES),
  cloudTrail: null,
};
const LOGGED: WormStatement = { ...CLAIM, cloudTrail: buildAuditLog(aws.privateKey, [putEventOf(CLAIM)]) };

function spki(key: typeof aws.publicKey): Uint8Array {
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }));
}

async function codes(statement: WormStatement, options = OPTIONS, trust = TRUST): Promise<string[]> {
  const report = await verifyWorm(formatWormStatement(statement), STAMPED, trust, options);
  return report.checks.map(({ id, verdict, code }) => `${id.replace('worm.', '')} ${code ?? verdict}`);
}

/** The logged statement with its audit log changed. */
function withAudit(change: (audit: CloudTrailEvidence) => CloudTrailEvidence): WormStatement {
  return { ...LOGGED, cloudTrail: change(LOGGED.cloudTrail as CloudTrailEvidence) };
}

function withEvent(change: Record<string, unknown>): WormStatement {
  return { ...CLAIM, cloudTrail: buildAuditLog(aws.privateKey, [putEventOf(CLAIM, change)]) };
}

describeVectors('s3worm', 'published answers and audit digests of S3', () => {
  const cases = listWormVectors(readVectorBytes);

  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(10);
    expect(new Set(cases.map((one) => one.expect)).size).toBeGreaterThanOrEqual(6);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(await one.run()).toBe(one.expect);
  });
});

describe('verifyWorm', () => {
  it('believes a store’s signed audit log, under a pinned key', async () => {
    expect(await codes(LOGGED)).toEqual([
      'form valid',
      'bytes valid',
      'mode valid',
      'retention valid',
      'audit valid',
      'audit-log valid',
      'store valid',
    ]);
    expect(await verifyWorm(formatWormStatement(LOGGED), STAMPED, TRUST, OPTIONS)).toMatchObject({
      verdict: 'valid',
      witness: 'Amazon S3, bucket audit',
      witnessedAtMs: Date.UTC(2026, 10, 20, 8, 36),
    });
    const report = await verifyWorm(formatWormStatement(LOGGED), STAMPED, TRUST, OPTIONS);
    expect(report.checks.flatMap(({ root }) => root?.fingerprint ?? [])).toEqual([
      formatDigest('sha-256', sha256(spki(aws.publicKey))),
    ]);
  });

  it('takes a receipt alone for a claim, unless it was read here and now', async () => {
    const bytes = formatWormStatement(CLAIM);
    const alone = await verifyWorm(bytes, STAMPED, TRUST, OPTIONS);
    expect(alone).toMatchObject({ verdict: 'not-checked', witness: null, witnessedAtMs: null });
    expect(alone.checks.at(-1)?.reason).toContain('stores do not sign their answers');
    expect(await verifyWorm(bytes, STAMPED, TRUST, { ...OPTIONS, freshlyRead: true })).toMatchObject({
      verdict: 'valid',
      witness: 'Amazon S3, bucket audit',
      witnessedAtMs: Date.UTC(2026, 10, 20, 8, 36, 5, 123),
    });
  });

  it.each<[attack: string, statement: WormStatement, finding: string]>([
    ['a lock that an administrator can take off', { ...CLAIM, mode: 'GOVERNANCE' }, 'mode mode_removable'],
    ['a legal hold and no lock', { ...CLAIM, mode: null, legalHold: true }, 'mode mode_missing'],
    ['another store’s word for a lock', { ...CLAIM, mode: 'Locked' }, 'mode mode_removable'],
    [
      'an Azure policy that is not locked',
      { ...CLAIM, provider: 'azure', mode: 'unlocked' },
      'mode mode_removable',
    ],
    [
      'a Google lock that can be taken off',
      { ...CLAIM, provider: 'gcs', mode: 'Unlocked' },
      'mode mode_removable',
    ],
    ['a lock without end', { ...CLAIM, retainUntil: null }, 'retention retention_missing'],
    [
      'a lock that is over',
      { ...CLAIM, retainUntil: '2026-11-20T12:00:00.000Z' },
      'retention retention_over',
    ],
    [
      'a lock shorter than the policy',
      { ...CLAIM, retainUntil: '2032-12-31T00:00:00.000Z' },
      'retention retention_short',
    ],
    [
      'other bytes under a true checksum',
      { ...CLAIM, stored: formatBase64(utf8('other')) },
      'bytes checksum_mismatch',
    ],
    [
      'other bytes and their own checksum',
      { ...CLAIM, stored: formatBase64(utf8('other')), checksumSha256: formatBase64(sha256(utf8('other'))) },
      'bytes digest_mismatch',
    ],
    [
      'a checksum of other bytes',
      { ...CLAIM, stored: null, checksumSha256: formatBase64(sha256(utf8('x'))) },
      'bytes digest_mismatch',
    ],
    ['no bytes and no checksum', { ...CLAIM, stored: null, checksumSha256: null }, 'bytes not-checked'],
    [
      'a log signed by nobody whom we pinned',
      {
        ...CLAIM,
        cloudTrail: buildAuditLog(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, [
          putEventOf(CLAIM),
        ]),
      },
      'audit audit_digest_signature',
    ],
    [
      'a digest carried to another place',
      withAudit((audit) => ({ ...audit, digests: audit.digests.map((one) => ({ ...one, bucket: 'mine' })) })),
      'audit audit_digest_moved',
    ],
    [
      'digests in another order',
      withAudit((audit) => ({ ...audit, digests: audit.digests.toReversed() })),
      'audit audit_chain_broken',
    ],
    [
      'a digest that is no digest',
      withAudit((audit) => ({ ...audit, digests: audit.digests.map((one) => ({ ...one, content: '' })) })),
      'audit audit_digest_syntax',
    ],
    [
      'a signature in upper case',
      withAudit((audit) => ({
        ...audit,
        digests: audit.digests.map((one) => ({ ...one, signature: one.signature.toUpperCase() })),
      })),
      'audit audit_digest_signature',
    ],
    [
      'a log that no digest lists',
      withAudit((audit) => ({
        ...audit,
        logs: audit.logs.map((log) => ({ ...log, object: 'log-2.json.gz' })),
      })),
      'audit-log audit_log_unlisted',
    ],
    [
      'a log that was rewritten',
      withAudit((audit) => ({
        ...audit,
        logs: audit.logs.map((log) => ({ ...log, content: formatBase64(utf8('{"Records":[]}')) })),
      })),
      'audit-log audit_log_mismatch',
    ],
    ['no log at all', withAudit((audit) => ({ ...audit, logs: [] })), 'store not-checked'],
    [
      'a log of another object',
      withEvent({ requestParameters: { bucketName: 'audit', key: 'other' } }),
      'store not-checked',
    ],
    [
      'a log of another version',
      withEvent({ responseElements: { 'x-amz-version-id': 'v2' } }),
      'store not-checked',
    ],
    ['an upload that failed', withEvent({ errorCode: 'AccessDenied' }), 'store not-checked'],
    ['another service’s event', withEvent({ eventSource: 'evil.amazonaws.com' }), 'store not-checked'],
    [
      'a log that says GOVERNANCE where the receipt says COMPLIANCE',
      { ...CLAIM, cloudTrail: buildAuditLog(aws.privateKey, [putEventOf({ ...CLAIM, mode: 'GOVERNANCE' })]) },
      'store audit_contradicts',
    ],
    [
      'a log that names a shorter lock',
      {
        ...CLAIM,
        cloudTrail: buildAuditLog(aws.privateKey, [
          putEventOf({ ...CLAIM, retainUntil: '2027-01-01T00:00:00Z' }),
        ]),
      },
      'store audit_contradicts',
    ],
    [
      'a log that names the object without its lock and content',
      withEvent({ requestParameters: { bucketName: ['audit'], key: [CLAIM.key] } }),
      'store not-checked',
    ],
  ])('is not taken in by %s', async (_, statement, finding) => {
    expect(await codes(statement)).toContain(finding);
    const report = await verifyWorm(formatWormStatement(statement), STAMPED, TRUST, OPTIONS);
    expect(report.verdict).not.toBe('valid');
    expect(report.witnessedAtMs).toBeNull();
  });

  it('checks nothing of an audit log without a pinned key', async () => {
    expect(await codes(LOGGED, OPTIONS, { auditKeys: [] })).toContain('store not-checked');
  });

  it('reads what Azure and Google call a lock', async () => {
    for (const [provider, mode] of [
      ['azure', 'locked'],
      ['azure', 'Locked'],
      ['gcs', 'Locked'],
    ] as const) {
      const statement = { ...CLAIM, provider, mode, checksumSha256: null };
      const fresh = { ...OPTIONS, freshlyRead: true };
      expect((await verifyWorm(formatWormStatement(statement), STAMPED, TRUST, fresh)).verdict).toBe('valid');
    }
  });

  it('holds the stored bytes against any digest of the stamped bytes, and the checksum against SHA-256 only', async () => {
    const digest = (algorithm: 'sha-256' | 'sha-512', hash: string): Stamped => ({
      kind: 'digest',
      algorithm,
      digest: new Uint8Array(Buffer.from(hash, 'hex')),
    });
    const { createHash } = await import('node:crypto');
    const sha512 = digest('sha-512', createHash('sha512').update(BYTES).digest('hex'));
    const find = async (statement: WormStatement, stamped: Stamped) =>
      (await verifyWorm(formatWormStatement(statement), stamped, TRUST, OPTIONS)).checks[1]?.verdict;
    expect(await find(CLAIM, sha512)).toBe('valid');
    expect(await find({ ...CLAIM, stored: null }, sha512)).toBe('not-checked');
    expect(await find({ ...CLAIM, stored: null }, STAMPED)).toBe('valid');
  });

  it('never throws, and never turns valid, when a bit of a receipt is changed', async () => {
    const bytes = formatWormStatement(LOGGED);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ flip;
        const report = await verifyWorm(changed, STAMPED, TRUST, OPTIONS);
        const found = report.checks.map(({ verdict }) => verdict);
        // Bits that nothing rests on: what the receipt says of its own reading, and of a hold beside the lock.
        const text = Buffer.from(changed).toString();
        const isIdle = /"readAt":"2026-11-20T08:36:05\.123Z"/.test(text) && /"legalHold":false/.test(text);
        if (isIdle) expect(found.every((verdict) => verdict === 'valid')).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
