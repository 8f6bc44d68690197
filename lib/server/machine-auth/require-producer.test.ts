import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatContentDigest, signRequest } from '@/lib/core/http-signature';
import { addProducerKey } from '../producers/add-producer-key';
import { disableProducer } from '../producers/disable-producer';
import { retireProducerKey } from '../producers/retire-producer-key';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '../testing/test-producer';
import { requireProducer } from './require-producer';

const testConsole = await startTestConsole();
const ORIGIN = 'http://console.test';
const PATH = '/access/v1/evaluation?a=1';
const body = utf8('{"a":1}');
let gateway: TestProducer;
let other: TestProducer;

beforeAll(async () => {
  await createTestTenant('bank');
  await createTestTenant('clinic');
  gateway = await createTestProducer('bank', { kind: 'gateway' });
  other = await createTestProducer('clinic', { kind: 'gateway' });
});

interface Sent {
  method?: string;
  signedMethod?: string;
  url?: string;
  signedUrl?: string;
  body?: Uint8Array;
  signedBody?: Uint8Array;
  signer?: { keyid: string; seed: Uint8Array };
  createdS?: number;
  nonce?: string;
  headers?: Record<string, string | null>;
}

/** What arrives: `signed…` is what the sender signed, the rest what a man in the middle made of it. */
function received(sent: Sent = {}): [Request, Uint8Array] {
  const signer = sent.signer ?? gateway;
  const method = sent.method ?? 'POST';
  const bytes = sent.body ?? body;
  const fields = signRequest({
    method: sent.signedMethod ?? method,
    targetUri: sent.signedUrl ?? `${ORIGIN}${PATH}`,
    body: sent.signedBody ?? bytes,
    keyid: signer.keyid,
    seed: signer.seed,
    createdS: sent.createdS ?? Math.floor(Date.now() / 1000),
    nonce: sent.nonce ?? randomBytes(16).toString('hex'),
  });
  const headers = new Headers(fields);
  for (const [name, value] of Object.entries(sent.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const request = new Request(sent.url ?? `http://127.0.0.1:3000${PATH}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: new Uint8Array(bytes) }),
  });
  return [request, method === 'GET' ? new Uint8Array(0) : bytes];
}

describe('requireProducer', () => {
  it('knows the producer and its tenant by the key, whatever address the server listens on', async () => {
    expect(await requireProducer(...received())).toEqual({
      producerId: gateway.id,
      tenant: 'bank',
      kind: 'gateway',
      keyid: gateway.keyid,
      publicKey: publicKeyOf(gateway.seed),
    });
    expect(await requireProducer(...received({ signer: other }))).toMatchObject({ tenant: 'clinic' });
  });

  it('accepts a request without a body', async () => {
    const sent = received({ method: 'GET', body: new Uint8Array(0) });
    expect(await requireProducer(...sent)).toMatchObject({ producerId: gateway.id });
  });

  const nowS = () => Math.floor(Date.now() / 1000);
  const cases: [string, () => Sent, string][] = [
    ['unsigned', () => ({ headers: { signature: null, 'signature-input': null } }), 'signature_missing'],
    ['signature without its input', () => ({ headers: { 'signature-input': null } }), 'signature_missing'],
    ['altered body', () => ({ signedBody: body, body: utf8('{"a":2}') }), 'content_digest_mismatch'],
    [
      'altered body with a matching digest',
      () => ({
        signedBody: body,
        body: utf8('{"a":2}'),
        headers: { 'content-digest': formatContentDigest(utf8('{"a":2}')) },
      }),
      'signature_invalid',
    ],
    ['body added to a bodiless signature', () => ({ signedBody: new Uint8Array(0) }), 'signature_invalid'],
    ['signed for another host', () => ({ signedUrl: `http://other.test${PATH}` }), 'signature_invalid'],
    [
      'signed for the address of an attacker’s Host header',
      () => ({
        signedUrl: `http://evil.test${PATH}`,
        url: `http://evil.test${PATH}`,
        headers: { host: 'evil.test' },
      }),
      'signature_invalid',
    ],
    [
      'signed for http while served as https',
      () => ({ signedUrl: `https://console.test${PATH}` }),
      'signature_invalid',
    ],
    ['moved to another path', () => ({ url: `${ORIGIN}/access/v1/requests` }), 'signature_invalid'],
    ['query changed', () => ({ url: `${ORIGIN}/access/v1/evaluation?a=2` }), 'signature_invalid'],
    ['method changed', () => ({ signedMethod: 'PUT' }), 'signature_invalid'],
    ['created 61 s ago', () => ({ createdS: nowS() - 62 }), 'signature_expired'],
    ['created in the future', () => ({ createdS: nowS() + 62 }), 'signature_expired'],
    [
      'a key nobody registered',
      () => ({ signer: { keyid: 'nobody', seed: new Uint8Array(randomBytes(32)) } }),
      'key_unknown',
    ],
    [
      'another key under this keyid',
      () => ({ signer: { keyid: gateway.keyid, seed: new Uint8Array(randomBytes(32)) } }),
      'signature_invalid',
    ],
    [
      'another tenant’s key under this keyid',
      () => ({ signer: { keyid: gateway.keyid, seed: other.seed } }),
      'signature_invalid',
    ],
    [
      'signature of zeros',
      () => ({ headers: { signature: `sig=:${Buffer.alloc(64).toString('base64')}:` } }),
      'signature_invalid',
    ],
  ];
  it.each(cases)('refuses: %s', async (_name, sent, code) => {
    await expect(requireProducer(...received(sent()))).rejects.toMatchObject({ code });
  });

  it('refuses a replay, also when many copies arrive at once', async () => {
    const nonce = randomBytes(16).toString('hex');
    const createdS = nowS();
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () => requireProducer(...received({ nonce, createdS }))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'signature_replayed' });
    }
  });

  it('a nonce is spent per key, and only by a valid signature', async () => {
    const nonce = randomBytes(16).toString('hex');
    await expect(requireProducer(...received({ nonce, signedMethod: 'PUT' }))).rejects.toMatchObject({
      code: 'signature_invalid',
    });
    await requireProducer(...received({ nonce, signer: other }));
    await requireProducer(...received({ nonce }));
  });

  it('forgets nonces only when their signature could no longer pass', async () => {
    const nonce = randomBytes(16).toString('hex');
    const createdS = nowS();
    await requireProducer(...received({ nonce, createdS: createdS + 50 }));
    const laterMs = (createdS + 105) * 1000;
    const replay = received({ nonce, createdS: createdS + 50 });
    await expect(requireProducer(...replay, { nowMs: laterMs })).rejects.toMatchObject({
      code: 'signature_replayed',
    });
    const muchLaterMs = (createdS + 1000) * 1000;
    await requireProducer(...received({ createdS: createdS + 1000 }), { nowMs: muchLaterMs });
    const left = await testConsole.owner.query('SELECT 1 FROM nonces WHERE nonce = $1', [nonce]);
    expect(left.rowCount).toBe(0);
  });

  it('refuses a retired key but not the producer’s other one, and a disabled producer', async () => {
    const producer = await createTestProducer('bank', { kind: 'gateway' });
    const seed = new Uint8Array(randomBytes(32));
    const added = await addProducerKey({
      tenant: 'bank',
      producer: producer.id,
      publicKey: publicKeyOf(seed),
      by: 'test',
    });
    await retireProducerKey({ tenant: 'bank', producer: producer.id, keyid: producer.keyid, by: 'test' });
    await expect(requireProducer(...received({ signer: producer }))).rejects.toMatchObject({
      code: 'key_retired',
    });
    const second = { keyid: added.keyid, seed };
    expect(await requireProducer(...received({ signer: second }))).toMatchObject({ producerId: producer.id });
    await disableProducer({ tenant: 'bank', producer: producer.id, by: 'test' });
    await expect(requireProducer(...received({ signer: second }))).rejects.toMatchObject({
      code: 'producer_disabled',
    });
  });
});
