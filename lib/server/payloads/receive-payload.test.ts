import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it, test } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { payloadSubmission } from '@/lib/producers/payload-request';
import { getPool } from '../database/pool';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { readPayload } from './read-payload';
import { receivePayload } from './receive-payload';

await startTestConsole();
const salt = new Uint8Array(randomBytes(32));
const content = utf8('{"claim":"C-1"}');
const SUBMISSION = {
  subject: 'tok_0123456789abcdef0123456789abcdef',
  media_type: 'application/json',
  salt: formatBase64(salt),
  content: formatBase64(content),
};
let bank: ProducerCaller;
let clinic: ProducerCaller;

beforeAll(async () => {
  const callerOf = async (tenant: string): Promise<ProducerCaller> => {
    await createTestTenant(tenant);
    const { id, keyid, seed } = await createTestProducer(tenant, { kind: 'pipeline' });
    return { producerId: id, tenant, kind: 'pipeline', keyid, publicKey: seed };
  };
  [bank, clinic] = [await callerOf('bank'), await callerOf('clinic')];
});

test('what a producer hands over is kept under the digest that it will sign, once', async () => {
  const answers = await Promise.all([receivePayload(bank, SUBMISSION), receivePayload(bank, SUBMISSION)]);
  const [one, again] = [...answers, await receivePayload(bank, SUBMISSION)].map(({ receipt }) => receipt);
  expect(one?.digest).toBe(formatDigest('sha3-512', sha3_512(concatBytes(salt, content))));
  expect(again).toEqual(one);
  expect(answers.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
  const ref = one?.ref ?? '';
  expect(await readPayload(getPool(), { tenant: 'bank', ref })).toMatchObject({ bytes: content });
  expect(await readPayload(getPool(), { tenant: 'clinic', ref })).toBeNull();
});

test('another organisation’s producer has its own, even of the same content under the same salt', async () => {
  const own = await receivePayload(bank, SUBMISSION);
  const other = await receivePayload(clinic, SUBMISSION);
  expect(other.isNew).toBe(true);
  expect(other.receipt.ref).not.toBe(own.receipt.ref);
});

it.each([
  ['a name for a subject', { subject: 'Asha Rao' }],
  ['a media type with a line break', { media_type: 'text/plain\n' }],
  ['a short salt', { salt: formatBase64(salt.slice(8)) }],
  ['content that is no base64', { content: '{}' }],
  ['a member that nobody knows', { ref: 'payload/mine' }],
])('%s is refused', (_, change) =>
  expect(payloadSubmission.safeParse({ ...SUBMISSION, ...change }).success).toBe(false),
);

test('a salt of another length, or that does not print back to itself, is refused', async () => {
  const short = formatBase64(salt.slice(1));
  await expect(receivePayload(bank, { ...SUBMISSION, salt: short })).rejects.toMatchObject({
    code: 'malformed_request',
  });
  const loose = `${SUBMISSION.salt.slice(0, -2)}${SUBMISSION.salt.at(-2) === 'A' ? 'B' : String.fromCharCode(SUBMISSION.salt.charCodeAt(42) + 1)}=`;
  await expect(receivePayload(bank, { ...SUBMISSION, salt: loose })).rejects.toMatchObject({
    code: 'malformed_request',
  });
});
