import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WitnessError } from '../witnesses/witness-adapter';
import { callService } from './call-service';

let server: Server;
let origin = '';
let hits = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    hits++;
    switch (request.url?.split('?')[0]) {
      case '/plain':
        response.writeHead(200, { 'x-seen': request.headers['x-sent'] ?? '' }).end('hello');
        break;
      case '/redirect':
        response.writeHead(302, { location: '/plain' }).end();
        break;
      case '/busy':
        response.writeHead(503, { 'retry-after': '17' }).end();
        break;
      case '/busy-for-ever':
        response.writeHead(429, { 'retry-after': '999999999' }).end();
        break;
      case '/endless': {
        const pump = setInterval(() => response.write(new Uint8Array(1_000)), 1);
        response.on('close', () => clearInterval(pump));
        break;
      }
      case '/silent':
        break;
      default:
        response.writeHead(404).end('no');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function call(path: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  return callService({
    url: origin + path,
    method: 'GET',
    headers: { 'x-sent': 'yes' },
    signal: new AbortController().signal,
    maxAnswerBytes: 10_000,
    ...more,
  });
}

async function refused(promise: Promise<unknown>): Promise<WitnessError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WitnessError);
  return error as WitnessError;
}

describe('callService', () => {
  it('answers status, headers and bytes, also of a refusal', async () => {
    const answer = await call('/plain');
    expect([answer.status, answer.headers.get('x-seen'), Buffer.from(answer.body).toString()]).toEqual([
      200,
      'yes',
      'hello',
    ]);
    expect((await call('/none')).status).toBe(404);
  });

  it.each([
    ['a redirect, which it does not follow', '/redirect', 'witness_refused', undefined],
    ['an answer without end', '/endless', 'witness_answer_invalid', undefined],
    ['a busy service, saying when to come back', '/busy', 'witness_busy', 17_000],
    ['a service that asks for decades', '/busy-for-ever', 'witness_busy', 86_400_000],
  ])('tells %s', async (_, path, code, retryAfterMs) => {
    const before = hits;
    expect(await refused(call(path))).toMatchObject({ code, retryAfterMs });
    expect(hits).toBe(before + 1);
  });

  it('gives up on silence, and when it is told to', async () => {
    expect((await refused(call('/silent', { timeoutMs: 50 }))).code).toBe('witness_unreachable');
    const controller = new AbortController();
    const waiting = refused(call('/silent', { signal: controller.signal }));
    controller.abort();
    expect((await waiting).code).toBe('witness_unreachable');
  });

  it.each(['file:///etc/passwd', 'ftp://example.org/', 'http://user:secret@127.0.0.1/', 'nonsense'])(
    'calls nobody at %s, and does not repeat it',
    async (url) => {
      const before = hits;
      const signal = new AbortController().signal;
      const error = await refused(callService({ url, method: 'GET', signal, maxAnswerBytes: 1 }));
      expect(error.code).toBe('witness_misconfigured');
      expect(error.message).not.toContain('secret');
      expect(hits).toBe(before);
    },
  );

  it('keeps paths and queries out of what it says', async () => {
    const error = await refused(call('/redirect?sig=secret'));
    expect(error.message).not.toContain('secret');
  });
});
