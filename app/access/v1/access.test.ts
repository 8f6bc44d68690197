import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { signRequest } from '@/lib/core/http-signature';
import { accessTask } from '@/lib/escalations/access-request';
import { evaluate } from '@/lib/server/access/evaluate';
import {
  createOrganisation,
  largePayment,
  newKey,
} from '@/lib/server/escalations/testing/escalation-fixture';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, type TestProducer } from '@/lib/server/testing/test-producer';
import { POST as outcome } from './approvals/[approvalId]/outcome/route';
import { POST as redeem } from './approvals/[approvalId]/redeem/route';
import { POST as cancel } from './requests/[taskId]/cancel/route';
import { GET as task } from './requests/[taskId]/route';
import { POST as submit } from './requests/route';

await startTestConsole();

const APPROVAL = 'apr_019aa000-0000-7000-8000-000000000000';
type Handler = (request: Request, id: string) => Promise<Response>;
const ROUTES: Record<string, { method: 'GET' | 'POST'; path: (id: string) => string; handler: Handler }> = {
  submit: { method: 'POST', path: () => '/access/v1/requests', handler: submit },
  task: {
    method: 'GET',
    path: (id) => `/access/v1/requests/${id}`,
    handler: (request, taskId) => task(request, { params: Promise.resolve({ taskId }) }),
  },
  cancel: {
    method: 'POST',
    path: (id) => `/access/v1/requests/${id}/cancel`,
    handler: (request, taskId) => cancel(request, { params: Promise.resolve({ taskId }) }),
  },
  redeem: {
    method: 'POST',
    path: (id) => `/access/v1/approvals/${id}/redeem`,
    handler: (request, approvalId) => redeem(request, { params: Promise.resolve({ approvalId }) }),
  },
  outcome: {
    method: 'POST',
    path: (id) => `/access/v1/approvals/${id}/outcome`,
    handler: (request, approvalId) => outcome(request, { params: Promise.resolve({ approvalId }) }),
  },
};

let gateway: TestProducer;
let otherGateway: TestProducer;
let pipeline: TestProducer;

beforeAll(async () => {
  const { tenant } = await createOrganisation();
  gateway = await createTestProducer(tenant, { kind: 'gateway' });
  otherGateway = await createTestProducer(tenant, { kind: 'gateway' });
  pipeline = await createTestProducer(tenant, { kind: 'pipeline' });
});

function send(
  name: string,
  options: {
    id?: string;
    body?: unknown;
    by?: TestProducer | null;
    headers?: Record<string, string>;
  } = {},
): Promise<Response> {
  const { method, path, handler } = ROUTES[name] as (typeof ROUTES)[string];
  const id = options.id ?? APPROVAL;
  const url = `http://console.test${path(id)}`;
  const text = typeof options.body === 'string' ? options.body : JSON.stringify(options.body ?? {});
  const bytes = method === 'GET' ? new Uint8Array(0) : utf8(text);
  const signer = options.by === undefined ? gateway : options.by;
  const fields = signer
    ? signRequest({
        method,
        targetUri: url,
        body: bytes,
        keyid: signer.keyid,
        seed: signer.seed,
        createdS: Math.floor(Date.now() / 1000),
        nonce: randomBytes(16).toString('hex'),
      })
    : {};
  const headers = new Headers({ 'content-type': 'application/json', ...fields, ...options.headers });
  return handler(new Request(url, { method, headers, ...(method === 'GET' ? {} : { body: text }) }), id);
}

async function requestBody(): Promise<object> {
  const action = largePayment();
  const answer = await evaluate({ producerId: gateway.id, tenant: gateway.tenant }, action);
  return { ...action, evaluation_id: answer.context.evaluation_id };
}

describe.each(Object.keys(ROUTES))('%s', (name) => {
  it('refuses an unsigned request', async () => {
    const response = await send(name, { by: null });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'signature_missing' });
  });
});

describe('the access routes', () => {
  it('submit answers 202 with the task and where to find it, then 200 with the same', async () => {
    const body = await requestBody();
    const headers = { 'idempotency-key': newKey() };
    const first = await send('submit', { body, headers });
    expect(first.status).toBe(202);
    const made = accessTask.parse(await first.json());
    expect(first.headers.get('location')).toBe(`http://console.test/access/v1/requests/${made.id}`);
    const again = await send('submit', { body, headers });
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(made);
    const waited = await send('task', { id: made.id, headers: { prefer: 'wait=0' } });
    expect(waited.headers.get('retry-after')).toBe('1');
    expect(accessTask.parse(await waited.json())).toEqual(made);
    const cancelled = accessTask.parse(await (await send('cancel', { id: made.id })).json());
    expect(cancelled).toMatchObject({ status: 'cancelled' });
    expect(cancelled.links.cancel).toBeUndefined();
    expect((await send('cancel', { id: made.id })).status).toBe(409);
  });

  it.each([
    ['no Idempotency-Key', {}],
    ['a short one', { 'idempotency-key': 'x' }],
    ['one with spaces', { 'idempotency-key': 'a b c d e f' }],
  ] as [string, Record<string, string>][])('submit refuses %s', async (_, headers) => {
    const response = await send('submit', { body: await requestBody(), headers });
    expect(await response.json()).toMatchObject({ code: 'malformed_request' });
  });

  it.each([
    ['a float in the action', '{"subject":{"type":"agent","id":"a","properties":{"x":1.5}}}', 'invalid_json'],
    ['a duplicate key', '{"subject":{},"subject":{}}', 'duplicate_json_key'],
    ['an unknown member', '{"surprise":true}', 'malformed_request'],
    ['more than 256 KiB', `"${'x'.repeat(300_000)}"`, 'request_too_large'],
  ])('submit refuses %s', async (_, body, code) => {
    const response = await send('submit', { body, headers: { 'idempotency-key': newKey() } });
    expect(await response.json()).toMatchObject({ code });
  });

  it('a pipeline may not ask for authority', async () => {
    const headers = { 'idempotency-key': newKey() };
    const response = await send('submit', { body: await requestBody(), by: pipeline, headers });
    expect(await response.json()).toMatchObject({ code: 'producer_kind' });
  });

  it('a foreign task answers exactly like one that does not exist', async () => {
    const made = await send('submit', {
      body: await requestBody(),
      headers: { 'idempotency-key': newKey() },
    });
    const { id } = accessTask.parse(await made.json());
    for (const name of ['task', 'cancel']) {
      const foreign = await send(name, { id, by: otherGateway });
      const missing = await send(name, { id: 'esc_019aa000-0000-7000-8000-000000000000', by: otherGateway });
      expect(foreign.status).toBe(404);
      expect(await foreign.text()).toBe(await missing.text());
    }
  });

  it('an invented approval is refused by its token, and has no outcome', async () => {
    const refused = await send('redeem', { body: { token: 'a.b.c', action: largePayment() } });
    expect(await refused.json()).toMatchObject({ code: 'signature_invalid' });
    const unknown = await send('outcome', { body: { state: 'forwarded' } });
    expect(await unknown.json()).toMatchObject({ code: 'unknown_approval' });
  });
});
