import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PythonTools, preparePythonTools } from '@/e2e/setup/python-tools';
import { type RunningStore, startMoto } from '@/e2e/witnesses/worm-moto';
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
  }, 600_000);

  afterAll(async () => {
    client?.destroy();
    await store?.stop();
  });

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
  let respond: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '' };

  beforeAll(async () => {
    server = createServer((request, response) => {
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
