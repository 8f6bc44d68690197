import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PythonTools, preparePythonTools } from '@/e2e/setup/python-tools';
import { type RunningStore, startMoto } from '@/e2e/witnesses/worm-moto';
import { buildAuditLog, putEventOf } from '@/lib/integrity/witness/worm/testing/build-audit-log';
import { verifyWorm } from '@/lib/integrity/witness/worm/verify-worm';
import { withOutboundPolicy } from './outbound-policy';
import { s3ObjectLockAdapter } from './s3-object-lock';
import { stampRequest, statementOf, witnessErrorOf, wormFinding } from './testing/stamp-request';

const CREDENTIALS = { accessKeyId: 'test-key', secretAccessKey: 'test-secret-never-shown' };

function settings(endpoint: string, more: Record<string, unknown> = {}) {
  return s3ObjectLockAdapter.settings.parse({
    provider: 's3',
    bucket: 'audit',
    region: 'eu-central-1',
    endpoint,
    pathStyle: true,
    retainDays: 30,
    prefix: 'log/checkpoints/',
    ...CREDENTIALS,
    ...more,
  });
}

const upgrade = s3ObjectLockAdapter.upgrade?.bind(s3ObjectLockAdapter);
if (!upgrade) throw new Error('receipts of S3 mature with its audit log');

/** As CloudTrail names its hourly digests. */
function digestName(endMs: number): string {
  const end = new Date(endMs).toISOString();
  const stamp = end.replace(/[-:]|\.[0-9]{3}/g, '');
  return `AWSLogs/1/CloudTrail-Digest/eu-central-1/${end.slice(0, 10).replaceAll('-', '/')}/1_CloudTrail-Digest_eu-central-1_t_eu-central-1_${stamp}.json.gz`;
}

describe('s3ObjectLockAdapter against an S3-compatible server with object lock (moto)', () => {
  let tools: PythonTools;
  let store: RunningStore | undefined;
  let client: S3Client;

  beforeAll(async () => {
    tools = await preparePythonTools();
    if (tools.python === null) return;
    store = await startMoto(tools.python);
    client = new S3Client({
      region: 'eu-central-1',
      endpoint: store.url,
      forcePathStyle: true,
      credentials: { ...CREDENTIALS },
    });
    const location = { CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' as const } };
    await client.send(
      new CreateBucketCommand({ Bucket: 'audit', ObjectLockEnabledForBucket: true, ...location }),
    );
    await client.send(new CreateBucketCommand({ Bucket: 'plain', ...location }));
    await client.send(new CreateBucketCommand({ Bucket: 'trail', ...location }));
  }, 600_000);

  afterAll(async () => {
    client?.destroy();
    await store?.stop();
  });

  async function put(
    bucket: string,
    key: string,
    content: string | Buffer,
    signature?: string,
  ): Promise<void> {
    const metadata = signature === undefined ? {} : { Metadata: { signature } };
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: gzipSync(content), ...metadata }),
    );
  }

  it('locks a stamp, reads it back, and serves it again without a second copy', async ({ skip }) => {
    if (!store) return skip(tools.missing ?? '');
    const note = randomBytes(300);
    const request = stampRequest(note);
    const first = await s3ObjectLockAdapter.stamp(request, settings(store.url));
    expect(first.state).toBe('complete');
    expect(await wormFinding(first.receipt, note)).toBe('valid');
    const statement = statementOf(first.receipt);
    expect(statement).toMatchObject({
      provider: 's3',
      bucket: 'audit',
      key: `log/checkpoints/${Buffer.from(request.stamp).toString('hex')}.checkpoint`,
      mode: 'COMPLIANCE',
      checksumSha256: createHash('sha256').update(note).digest('base64'),
    });
    const lockedMs = Date.parse(statement.retainUntil ?? '') - request.nowMs;
    expect(Math.round(lockedMs / 86_400_000)).toBe(30);
    const again = await s3ObjectLockAdapter.stamp(stampRequest(note), settings(store.url));
    expect(statementOf(again.receipt).versionId).toBe(statement.versionId);

    const remove = new DeleteObjectCommand({
      Bucket: 'audit',
      Key: statement.key,
      VersionId: statement.versionId ?? '',
      BypassGovernanceRetention: true,
    });
    await expect(client.send(remove)).rejects.toThrow('Access Denied');
  });

  it('is not held up by what somebody else put under its key before', async ({ skip }) => {
    if (!store) return skip(tools.missing ?? '');
    const note = randomBytes(300);
    const request = stampRequest(note);
    const key = `log/checkpoints/${Buffer.from(request.stamp).toString('hex')}.checkpoint`;
    await client.send(new PutObjectCommand({ Bucket: 'audit', Key: key, Body: 'squatter' }));
    const { receipt } = await s3ObjectLockAdapter.stamp(request, settings(store.url));
    expect(await wormFinding(receipt, note)).toBe('valid');
    // The same bytes without a lock serve no better.
    const other = randomBytes(300);
    const second = stampRequest(other);
    const otherKey = `log/checkpoints/${Buffer.from(second.stamp).toString('hex')}.checkpoint`;
    await client.send(new PutObjectCommand({ Bucket: 'audit', Key: otherKey, Body: other }));
    const answer = await s3ObjectLockAdapter.stamp(second, settings(store.url));
    expect(await wormFinding(answer.receipt, other)).toBe('valid');
  });

  it('adds the account’s signed audit log once it names the upload', async ({ skip }) => {
    if (!store) return skip(tools.missing ?? '');
    const audited = settings(store.url, {
      auditBucket: 'plain',
      auditPrefix: 'AWSLogs/1/CloudTrail-Digest/eu-central-1/',
    });
    const note = randomBytes(300);
    const request = stampRequest(note);
    const pending = await s3ObjectLockAdapter.stamp(request, audited);
    expect(pending).toMatchObject({ state: 'pending', retryAtMs: request.nowMs + 3_600_000 });
    expect(await upgrade(pending.receipt, request, audited)).toEqual(pending);

    const aws = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const statement = statementOf(pending.receipt);
    const endMs = request.nowMs + 3_600_000;
    const object = digestName(endMs + 3_600_000);
    const log = buildAuditLog(aws.privateKey, [putEventOf(statement)], { bucket: 'plain', object });
    await put('plain', digestName(endMs), '{"logFiles":[]}', 'ff');
    await put('trail', 'log-1.json.gz', Buffer.from(log.logs[0]?.content ?? '', 'base64'));
    expect((await upgrade(pending.receipt, request, audited)).state).toBe('pending');

    const digest = log.digests[1];
    await put('plain', object, Buffer.from(digest?.content ?? '', 'base64'), digest?.signature);
    const { state, receipt } = await upgrade(pending.receipt, request, audited);
    expect(state).toBe('complete');
    const auditKeys = [new Uint8Array(aws.publicKey.export({ type: 'spki', format: 'der' }))];
    const verify = (keys: Uint8Array[]) =>
      verifyWorm(receipt, { kind: 'bytes', bytes: note }, { auditKeys: keys }, { nowMs: Date.now() });
    expect(await verify(auditKeys)).toMatchObject({ verdict: 'valid', witness: 'Amazon S3, bucket audit' });
    expect((await verify([])).verdict).toBe('not-checked');
    expect(await upgrade(receipt, request, audited)).toEqual({ state: 'complete', receipt });

    const tooLate = { ...request, nowMs: request.nowMs + 3 * 86_400_000 };
    expect(await upgrade(pending.receipt, tooLate, audited)).toEqual({
      state: 'complete',
      receipt: pending.receipt,
    });
  });

  it.for([
    ['a bucket that is not there', 'absent'],
    ['a bucket without object lock', 'plain'],
  ])('says that %s will not do', async ([, bucket], { skip }) => {
    if (!store) return skip(tools.missing ?? '');
    const stamping = s3ObjectLockAdapter.stamp(
      stampRequest(randomBytes(50)),
      settings(store.url, { bucket }),
    );
    expect((await witnessErrorOf(stamping)).code).toBe('witness_misconfigured');
  });
});

describe('s3ObjectLockAdapter and stores that misbehave', () => {
  let server: Server;
  let url = '';
  let hits = 0;
  let respond: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '' };

  beforeAll(async () => {
    server = createServer((request, response) => {
      hits++;
      request.resume();
      response.writeHead(respond.status, respond.headers ?? {}).end(respond.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const error = (code: string) =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret</Message></Error>`;
  it.each([
    ['refuses the key', { status: 403, body: error('AccessDenied') }, 'witness_misconfigured'],
    ['is busy', { status: 503, body: error('SlowDown') }, 'witness_busy'],
    ['breaks down', { status: 500, body: error('InternalError') }, 'witness_refused'],
    [
      'sends us elsewhere',
      { status: 301, body: '', headers: { location: 'http://127.0.0.1:9/' } },
      'witness_refused',
    ],
    ['answers far too much', { status: 200, body: 'x'.repeat(70_000) }, 'witness_answer_invalid'],
  ] as const)('tells that one %s', async (_, answer, code) => {
    respond = answer;
    const stamping = s3ObjectLockAdapter.stamp(stampRequest(randomBytes(50)), settings(url));
    const refused = await witnessErrorOf(stamping);
    expect(refused.code).toBe(code);
    expect(refused.message).not.toContain('secret');
  });

  it('keeps no promise of a store that forgets the lock', async () => {
    respond = { status: 200, body: '', headers: { 'x-amz-version-id': 'v1' } };
    const { receipt } = await s3ObjectLockAdapter.stamp(stampRequest(randomBytes(50)), settings(url));
    expect(await wormFinding(receipt, randomBytes(50))).toBe(
      'digest_mismatch mode_missing retention_missing',
    );
  });

  it('tells that one is away, and stops when it is told to', async () => {
    const away = settings('http://127.0.0.1:9');
    expect((await witnessErrorOf(s3ObjectLockAdapter.stamp(stampRequest(randomBytes(9)), away))).code).toBe(
      'witness_unreachable',
    );
    const aborted = stampRequest(randomBytes(9), { signal: AbortSignal.abort() });
    expect((await witnessErrorOf(s3ObjectLockAdapter.stamp(aborted, settings(url)))).code).toBe(
      'witness_unreachable',
    );
  });

  it.each(['http://127.0.0.1', 'http://localhost'])(
    'does not look into this machine at %s, unless it was allowed',
    async (host) => {
      const options = settings(url.replace('http://127.0.0.1', host));
      const stamping = () => s3ObjectLockAdapter.stamp(stampRequest(randomBytes(50)), options);
      const before = hits;
      const refused = await witnessErrorOf(withOutboundPolicy({ allowPrivate: false }, stamping));
      expect(refused).toMatchObject({
        code: 'witness_misconfigured',
        detail: expect.stringContaining('machine'),
      });
      expect(hits).toBe(before);
      await withOutboundPolicy({ allowPrivate: true }, stamping).catch(() => null);
      expect(hits).toBeGreaterThan(before);
    },
  );

  it.each([
    ['a key without its secret', { secretAccessKey: undefined }],
    ['a prefix that climbs', { prefix: '/etc/' }],
    ['no days', { retainDays: 0 }],
    ['an endpoint with credentials', { endpoint: 'https://a:b@s3.example' }],
  ])('refuses settings with %s', (_, change) => {
    const base = { ...settings(url), ...change };
    expect(s3ObjectLockAdapter.settings.safeParse(base).success).toBe(false);
  });
});
