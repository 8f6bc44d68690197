import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AzureServer, startAzureServer } from '@/e2e/witnesses/worm-azure-server';
import { azureImmutableBlobAdapter } from './azure-immutable-blob';
import { stampRequest, statementOf, witnessErrorOf, wormFinding } from './testing/stamp-request';

const SIGNATURE = 'c2lnbmF0dXJl+/==';
let azure: AzureServer;

beforeAll(async () => {
  azure = await startAzureServer('audit', SIGNATURE);
});
afterAll(() => azure.stop());
beforeEach(() => {
  azure.versioned = true;
  azure.bend = null;
});

function settings(more: Record<string, unknown> = {}) {
  return azureImmutableBlobAdapter.settings.parse({
    provider: 'azure',
    endpoint: azure.url,
    container: 'audit',
    sasToken: new URLSearchParams({ sv: '2021-12-02', sp: 'rwi', sig: SIGNATURE }).toString(),
    retainDays: 365,
    ...more,
  });
}

describe('azureImmutableBlobAdapter', () => {
  it('locks a stamp, reads it back, and serves it again without a second copy', async () => {
    const note = randomBytes(300);
    const first = await azureImmutableBlobAdapter.stamp(stampRequest(note), settings());
    expect(await wormFinding(first.receipt, note)).toBe('valid');
    const statement = statementOf(first.receipt);
    expect(statement).toMatchObject({ provider: 'azure', bucket: 'audit', mode: 'locked', legalHold: false });
    expect(Math.round((Date.parse(statement.retainUntil ?? '') - Date.now()) / 86_400_000)).toBe(365);
    const again = await azureImmutableBlobAdapter.stamp(stampRequest(note), settings());
    expect(statementOf(again.receipt).versionId).toBe(statement.versionId);
    expect(azure.blobs.get(statement.key)).toHaveLength(1);
  });

  it('writes a version of its own over what somebody else put under its key', async () => {
    const note = randomBytes(300);
    const request = stampRequest(note);
    const key = `${Buffer.from(request.stamp).toString('hex')}.checkpoint`;
    azure.blobs.set(key, [
      { id: 'squatter', bytes: Buffer.from('x'), mode: 'Locked', until: new Date().toUTCString() },
    ]);
    const { receipt } = await azureImmutableBlobAdapter.stamp(request, settings());
    expect(await wormFinding(receipt, note)).toBe('valid');
    expect(azure.blobs.get(key)).toHaveLength(2);
  });

  it('shows a lock that the service did not keep for what it is', async () => {
    const note = randomBytes(300);
    azure.bend = (version) => ({ ...version, mode: 'Unlocked' });
    const unlocked = await azureImmutableBlobAdapter.stamp(stampRequest(note), settings());
    expect(await wormFinding(unlocked.receipt, note)).toBe('mode_removable');
    azure.bend = (version) => ({ ...version, mode: null, until: null, bytes: Buffer.from('other') });
    const bare = await azureImmutableBlobAdapter.stamp(stampRequest(randomBytes(30)), settings());
    expect(await wormFinding(bare.receipt, note)).toBe('digest_mismatch mode_missing retention_missing');
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'a signature that is not accepted',
      { sasToken: 'sig=wrong' },
      'witness_misconfigured',
      '403 (AuthenticationFailed)',
    ],
    [
      'a container that is not there',
      { container: 'elsewhere' },
      'witness_misconfigured',
      '404 (ContainerNotFound)',
    ],
    [
      'a service that is away',
      { endpoint: 'http://127.0.0.1:9' },
      'witness_unreachable',
      'http://127.0.0.1:9',
    ],
  ])('tells of %s, and of no secret', async (_, change, code, detail) => {
    const error = await witnessErrorOf(
      azureImmutableBlobAdapter.stamp(stampRequest(randomBytes(30)), settings(change)),
    );
    expect(error.code).toBe(code);
    expect(error.detail).toContain(detail);
    expect(error.message).not.toContain('sig');
  });

  it('wants a container that keeps versions, and dates that are dates', async () => {
    azure.versioned = false;
    const error = await witnessErrorOf(
      azureImmutableBlobAdapter.stamp(stampRequest(randomBytes(30)), settings()),
    );
    expect(error).toMatchObject({
      code: 'witness_misconfigured',
      detail: expect.stringContaining('no versions'),
    });
    azure.versioned = true;
    azure.bend = (version) => ({ ...version, until: 'for ever' });
    const dated = await witnessErrorOf(
      azureImmutableBlobAdapter.stamp(stampRequest(randomBytes(30)), settings()),
    );
    expect(dated.code).toBe('witness_answer_invalid');
  });

  it.each([
    ['a signature without signature', { sasToken: 'sv=2021-12-02' }],
    ['a second parameter list', { sasToken: 'sig=a#b' }],
    ['a container that is a path', { container: 'a/b' }],
  ])('refuses settings with %s', (_, change) => {
    expect(azureImmutableBlobAdapter.settings.safeParse({ ...settings(), ...change }).success).toBe(false);
  });
});
