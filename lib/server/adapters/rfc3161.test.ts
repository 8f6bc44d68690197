import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTimestampAuthority, type TimestampAuthority } from '@/lib/demo/witnesses/timestamp-authority';
import { fromPem } from '@/lib/demo/witnesses/timestamp-identity';
import { formatTimestampRequest } from '@/lib/integrity/witness/rfc3161/timestamp-request';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import { type StampRequest, WitnessError } from '../witnesses/witness-adapter';
import { rfc3161Adapter } from './rfc3161';

const NOTE = new TextEncoder().encode('console.example/log\n3\nAAAA\n\n— console.example/log BBBB\n');
const NOW = Date.UTC(2026, 10, 20, 12);

let folder: string;
let authority: TimestampAuthority;
let impostor: Server | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rfc3161-adapter-'));
  authority = await startTimestampAuthority({ port: 0, directory: folder, nowMs: () => NOW });
});
afterAll(async () => {
  await authority.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  impostor?.closeAllConnections();
  impostor?.close();
  impostor = undefined;
});

function request(note = NOTE, nonce = crypto.getRandomValues(new Uint8Array(16))): StampRequest {
  return {
    size: 3,
    note,
    stamp: new Uint8Array(createHash('sha256').update(note).digest()),
    lastSize: 0,
    consistency: async () => [],
    nonce: () => nonce,
    nowMs: NOW,
    signal: new AbortController().signal,
  };
}

async function stamp(url: string, more: object = {}, asked = request()): Promise<Uint8Array> {
  const settings = rfc3161Adapter.settings.parse({ url, ...more });
  const answer = await rfc3161Adapter.stamp(asked, settings);
  expect(answer.state).toBe('complete');
  return answer.receipt;
}

async function refusal(promise: Promise<unknown>): Promise<WitnessError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WitnessError);
  return error as WitnessError;
}

/** A server that gives one answer to everything, and keeps what it was asked. */
async function answering(
  answer: (body: Uint8Array) => Promise<{ status?: number; body: Uint8Array }>,
): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer(async (incoming, response) => {
    asked.push(incoming);
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { status = 200, body } = await answer(new Uint8Array(Buffer.concat(parts)));
    response.writeHead(status).end(body);
  });
  impostor = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** What the real authority answers to another request than the one it was asked. */
async function answerTo(body: Uint8Array): Promise<Uint8Array> {
  const response = await fetch(authority.url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: body as BodyInit,
  });
  return new Uint8Array(await response.arrayBuffer());
}

describe('rfc3161Adapter', () => {
  it('brings a receipt that verifies under the root of the authority', async () => {
    const receipt = await stamp(authority.url, { policy: '1.2.3.4.1' });
    const anchors = [fromPem(authority.rootPem)];
    const report = await verifyTimestamp(receipt, { kind: 'bytes', bytes: NOTE }, { anchors });
    expect(report.verdict).toBe('valid');
    expect(report.witnessedAtMs).toBeGreaterThanOrEqual(NOW);
  });

  it('passes on a refusal in the words of the authority', async () => {
    const error = await refusal(stamp(authority.url, { policy: '1.2.3.4.99' }));
    expect(error.code).toBe('witness_refused');
    expect(error.detail).toContain('rejection: unacceptedPolicy (the only policy is 1.2.3.4.1)');
  });

  it('refuses the answer to an earlier request for the same bytes: the nonce is another', async () => {
    const digest = request().stamp;
    const old = await answerTo(formatTimestampRequest({ digest, nonce: Uint8Array.of(1, 2, 3) }));
    const { url } = await answering(async () => ({ body: old }));
    const error = await refusal(stamp(url));
    expect([error.code, error.detail]).toEqual([
      'witness_answer_invalid',
      `${url}: rfc3161.nonce nonce_mismatch`,
    ]);
  });

  it('refuses a stamp over other bytes', async () => {
    const nonce = Uint8Array.of(9, 9, 9);
    const other = await answerTo(formatTimestampRequest({ digest: new Uint8Array(32), nonce }));
    const { url } = await answering(async () => ({ body: other }));
    const error = await refusal(stamp(url, {}, request(NOTE, nonce)));
    expect([error.code, error.detail]).toEqual([
      'witness_answer_invalid',
      `${url}: rfc3161.imprint imprint_mismatch`,
    ]);
  });

  it('refuses a stamp under another policy than was asked for', async () => {
    const nonce = Uint8Array.of(4, 5);
    const { url } = await answering(async () => ({
      body: await answerTo(formatTimestampRequest({ digest: request().stamp, nonce })),
    }));
    const error = await refusal(stamp(url, { policy: '1.2.3.4.5' }, request(NOTE, nonce)));
    expect([error.code, error.detail]).toEqual([
      'witness_answer_invalid',
      `${url} stamped under another policy`,
    ]);
  });

  it('refuses a bare token, a signature that does not verify, and no DER at all', async () => {
    const forged = await answering(async (body) => {
      const answer = await answerTo(body);
      const last = answer.length - 1;
      answer[last] = (answer[last] as number) ^ 1;
      return { body: answer };
    });
    expect((await refusal(stamp(forged.url))).detail).toContain('rfc3161.signature signature_invalid');
    impostor?.close();
    const page = await answering(async () => ({ body: new TextEncoder().encode('<html>Sign in</html>') }));
    expect((await refusal(stamp(page.url))).detail).toContain('rfc3161.format');
    impostor?.close();
    // SEQUENCE { status, token } with 3-byte status: the token alone begins behind it.
    const bare = await answering(async (body) => ({ body: (await answerTo(body)).slice(9) }));
    expect((await refusal(stamp(bare.url))).detail).toContain('answered with a bare token');
  });

  it.each([
    [401, 'witness_misconfigured'],
    [404, 'witness_misconfigured'],
    [400, 'witness_refused'],
    [500, 'witness_refused'],
    [503, 'witness_busy'],
    [302, 'witness_refused'],
  ])('HTTP %i is %s', async (status, code) => {
    const { url } = await answering(async () => ({ status, body: new Uint8Array(0) }));
    expect((await refusal(stamp(url))).code).toBe(code);
  });

  it('reads no more than a time stamp can be', async () => {
    const { url } = await answering(async () => ({ body: new Uint8Array(70_000) }));
    expect((await refusal(stamp(url))).code).toBe('witness_answer_invalid');
  });

  it('says who cannot be reached, and gives up when it is told to', async () => {
    const { url } = await answering(async () => ({ body: new Uint8Array(0) }));
    impostor?.closeAllConnections();
    await new Promise((resolve) => impostor?.close(resolve));
    expect((await refusal(stamp(url))).code).toBe('witness_unreachable');
    const aborted = { ...request(), signal: AbortSignal.abort() };
    expect((await refusal(stamp(authority.url, {}, aborted))).code).toBe('witness_unreachable');
  });

  it('asks in the terms of RFC 3161', async () => {
    const { url, asked } = await answering(async (body) => ({ body: await answerTo(body) }));
    await stamp(`${url}/tsr`);
    expect(asked[0]?.method).toBe('POST');
    expect(asked[0]?.url).toBe('/tsr');
    expect(asked[0]?.headers['content-type']).toBe('application/timestamp-query');
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });
});

describe('its settings', () => {
  it.each([
    ['a user without password', { url: 'https://tsa.example', username: 'a' }],
    ['a password in the clear', { url: 'http://tsa.example', username: 'a', password: 'b' }],
    ['a user with a colon', { url: 'https://tsa.example', username: 'a:b', password: 'c' }],
    ['credentials in the address', { url: 'https://a:b@tsa.example' }],
    ['a policy that is no identifier', { url: 'https://tsa.example', policy: 'latest' }],
    ['what it does not know', { url: 'https://tsa.example', tls: false }],
  ])('refuse %s', (_, value) => {
    expect(rfc3161Adapter.settings.safeParse(value).success).toBe(false);
  });

  it('name the password as their only secret', () => {
    expect(rfc3161Adapter.secretFields).toEqual(['password']);
    const value = {
      url: 'https://tsa.example/',
      username: 'ä',
      password: 'ö',
      policy: '2.16.840.1.114412.7.1',
    };
    expect(rfc3161Adapter.settings.parse(value).url).toBe('https://tsa.example');
  });
});
