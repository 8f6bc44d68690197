import { beforeAll, describe, expect, test } from 'vitest';
import { contentDigest } from '@/lib/demo/content-digest';
import { type VersionSubmission, versionSubmission } from '@/lib/producers/version-request';
import { getPool } from '../database/pool';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { rebuildProjections } from '../records/rebuild';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '../testing/test-producer';
import { getVersionContent, getVersionHistory } from './get-version-history';
import { registerVersion } from './register-version';

await startTestConsole();
let caller: ProducerCaller;
let other: ProducerCaller;

const callerOf = ({ tenant, id, keyid }: TestProducer) =>
  ({
    tenant,
    producerId: id,
    kind: 'agent',
    keyid,
    publicKey: new Uint8Array(32),
  }) as unknown as ProducerCaller;
const prompt = (content: string, version = '14'): VersionSubmission => ({
  kind: 'prompt',
  name: 'sepsis-screen',
  version,
  media_type: 'text/plain',
  digest: contentDigest(content),
  content,
});
const records = async (tenant: string) =>
  (
    await getPool().query<{ n: number }>(
      `SELECT count(*)::int AS n FROM records WHERE stream = $1 AND kind = 'version.registered'`,
      [`console/${tenant}`],
    )
  ).rows[0]?.n;

beforeAll(async () => {
  caller = callerOf(await createTestProducer(await createTestTenant('hospital')));
  other = callerOf(await createTestProducer(await createTestTenant('bank')));
});

describe('registering a version', () => {
  test('keeps the very text under its digest, and says who handed it over in a record', async () => {
    const { receipt, isNew } = await registerVersion(caller, prompt('Score by observations.\n'));
    expect(isNew).toBe(true);
    expect(await records('hospital')).toBe(1);
    const content = await getVersionContent('hospital', receipt.digest);
    expect(content).toMatchObject({ content: 'Score by observations.\n', version: '14' });
    const history = await getVersionHistory('hospital', 'prompt', 'sepsis-screen');
    expect(history.versions).toMatchObject([
      {
        digest: receipt.digest,
        held: true,
        registered: { producer: caller.producerId, record: receipt.record },
      },
    ]);
  });

  test('again is answered alike and recorded once, also all at once', async () => {
    const submission = prompt('Twice.', '15');
    const answers = await Promise.all(Array.from({ length: 6 }, () => registerVersion(caller, submission)));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ receipt }) => receipt.record.position)).size).toBe(1);
    expect(await records('hospital')).toBe(2);
  });

  test('the same content may be another version too', async () => {
    const { isNew } = await registerVersion(caller, prompt('Twice.', '16'));
    expect(isNew).toBe(true);
  });

  test.each([
    ['other content under a digest', { ...prompt('right'), content: 'wrong' }, 'version_digest_mismatch'],
    [
      'a digest under another algorithm',
      { ...prompt('x'), digest: `sha3-512:${'0'.repeat(128)}` },
      'version_digest_mismatch',
    ],
    ['U+0000', prompt('a\u0000b'), 'malformed_request'],
    ['half a character', prompt('a\ud800b'), 'malformed_request'],
    ['more bytes than characters', prompt('\u0905'.repeat(100_000)), 'request_too_large'],
  ])('refuses %s, and writes nothing', async (_, submission, code) => {
    const before = await records('hospital');
    await expect(registerVersion(caller, submission)).rejects.toMatchObject({ code });
    expect(await records('hospital')).toBe(before);
  });

  test.each([
    ['an unknown kind', { kind: 'weights' }],
    ['no digest', { digest: 'md5:00' }],
    ['another field', { subject: 'tok_1' }],
    ['no name', { name: '' }],
  ])('its schema refuses %s', (_, change) => {
    expect(versionSubmission.safeParse({ ...prompt('x'), ...change }).success).toBe(false);
  });
});

test('another organisation neither reads it nor finds it in a history, and may register the same', async () => {
  const { digest } = prompt('Score by observations.\n');
  await expect(getVersionContent('bank', digest)).rejects.toMatchObject({ code: 'not_found' });
  expect((await getVersionHistory('bank', 'prompt', 'sepsis-screen')).versions).toEqual([]);
  expect((await registerVersion(other, prompt('Score by observations.\n'))).isNew).toBe(true);
});

test('rebuilding the projections loses neither the text nor who registered it', async () => {
  const before = await getVersionHistory('hospital', 'prompt', 'sepsis-screen');
  await rebuildProjections();
  const after = await getVersionHistory('hospital', 'prompt', 'sepsis-screen');
  expect(after).toEqual(before);
});
