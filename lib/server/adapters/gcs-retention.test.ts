import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GcsServer, startGcsServer } from '@/e2e/witnesses/worm-gcs-server';
import { gcsRetentionAdapter } from './gcs-retention';
import { stampRequest, statementOf, witnessErrorOf, wormFinding } from './testing/stamp-request';

const EMAIL = 'log@project.iam.gserviceaccount.com';
const account = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (pair: typeof account) => pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
let gcs: GcsServer;

beforeAll(async () => {
  gcs = await startGcsServer('audit', { email: EMAIL, key: account.publicKey });
});
afterAll(() => gcs.stop());
beforeEach(() => {
  gcs.bend = null;
});

function settings(more: Record<string, unknown> = {}) {
  return gcsRetentionAdapter.settings.parse({
    provider: 'gcs',
    bucket: 'audit',
    endpoint: gcs.url,
    tokenEndpoint: `${gcs.url}/token`,
    clientEmail: EMAIL,
    privateKey: pem(account),
    prefix: 'log/',
    retainDays: 3_650,
    ...more,
  });
}

describe('gcsRetentionAdapter', () => {
  it('locks a stamp, reads it back, and serves it again without a second copy', async () => {
    const note = Buffer.concat([Buffer.from('--\r\n\r\n--part'), randomBytes(300)]);
    const first = await gcsRetentionAdapter.stamp(stampRequest(note), settings());
    expect(await wormFinding(first.receipt, note)).toBe('valid');
    const statement = statementOf(first.receipt);
    expect(statement).toMatchObject({ provider: 'gcs', bucket: 'audit', mode: 'Locked', legalHold: false });
    expect(statement.key).toMatch(/^log\/[0-9a-f]{64}\.checkpoint$/);
    const again = await gcsRetentionAdapter.stamp(stampRequest(note), settings());
    expect(statementOf(again.receipt).versionId).toBe(statement.versionId);
  });

  it('works with an access token that something else keeps fresh', async () => {
    const note = randomBytes(30);
    const given = settings({
      clientEmail: undefined,
      privateKey: undefined,
      accessToken: 'ya29.token-of-the-test-service',
    });
    expect(
      await wormFinding((await gcsRetentionAdapter.stamp(stampRequest(note), given)).receipt, note),
    ).toBe('valid');
  });

  it('shows a lock that the service did not keep for what it is', async () => {
    const note = randomBytes(300);
    gcs.bend = (object) => ({
      ...object,
      retention: { mode: 'Unlocked', retainUntilTime: '2020-01-01T00:00:00Z' },
    });
    const { receipt } = await gcsRetentionAdapter.stamp(stampRequest(note), settings());
    expect(await wormFinding(receipt, note)).toBe('mode_removable retention_over');
    gcs.bend = (object) => ({ ...object, bytes: Buffer.from('other'), retention: null });
    const bare = await gcsRetentionAdapter.stamp(stampRequest(randomBytes(30)), settings());
    expect(await wormFinding(bare.receipt, note)).toBe('digest_mismatch mode_missing retention_missing');
  });

  it('cannot replace what somebody else locked under its key, and says so', async () => {
    const request = stampRequest(randomBytes(30));
    gcs.objects.set(`log/${Buffer.from(request.stamp).toString('hex')}.checkpoint`, {
      generation: '1',
      bytes: Buffer.from('squatter'),
      retention: { mode: 'Locked', retainUntilTime: '2099-01-01T00:00:00Z' },
    });
    const error = await witnessErrorOf(gcsRetentionAdapter.stamp(request, settings()));
    expect(error).toMatchObject({ code: 'witness_misconfigured', detail: expect.stringContaining('403') });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a key of somebody else', { privateKey: pem(stranger) }, 'witness_misconfigured'],
    ['an account that is not the key’s', { clientEmail: 'other@project.example' }, 'witness_misconfigured'],
    ['a bucket that is not there', { bucket: 'elsewhere' }, 'witness_misconfigured'],
    [
      'a token that is not accepted',
      { clientEmail: undefined, privateKey: undefined, accessToken: 'old' },
      'witness_misconfigured',
    ],
    ['a token service that is away', { tokenEndpoint: 'http://127.0.0.1:9/token' }, 'witness_unreachable'],
    ['a service that is away', { endpoint: 'http://127.0.0.1:9' }, 'witness_unreachable'],
  ])('tells of %s, and of no secret', async (_, change, code) => {
    const stamping = gcsRetentionAdapter.stamp(stampRequest(randomBytes(30)), settings(change));
    const error = await witnessErrorOf(stamping);
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/PRIVATE|old|ya29/);
  });

  it.each([
    ['neither account nor token', { clientEmail: undefined, privateKey: undefined }],
    ['both account and token', { accessToken: 'x' }],
    ['a key that is none', { privateKey: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }],
    [
      'a token that breaks the header',
      { clientEmail: undefined, privateKey: undefined, accessToken: 'a\r\nb' },
    ],
  ])('refuses settings with %s', (_, change) => {
    expect(gcsRetentionAdapter.settings.safeParse({ ...settings(), ...change }).success).toBe(false);
  });
});
