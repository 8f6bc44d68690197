import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { signRequest } from '@/lib/core/http-signature';
import { evaluationResponse } from '@/lib/policy/evaluation-request';
import { payment, paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { getPool } from '@/lib/server/database/pool';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { actionDigest } from '@/lib/tokens/action';
import { POST } from './route';

await startTestConsole();
const URL_ = 'http://console.test/access/v1/evaluation';
let gateway: TestProducer;
let dataProducer: TestProducer;

beforeAll(async () => {
  const tenant = await createTestTenant('bank');
  const text = JSON.stringify(paymentPolicyInput());
  await publishPolicy({ tenant, text, publishedBy: 'test' }, { nowMs: Date.now() - 1000 });
  gateway = await createTestProducer(tenant, { kind: 'gateway' });
  dataProducer = await createTestProducer(tenant, { kind: 'gateway' });
  await getPool().query("UPDATE producers SET kind = 'application' WHERE id = $1", [dataProducer.id]);
});

async function post(
  body: string,
  { signer = gateway, type = 'application/json', sign = true } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const signature = sign
    ? signRequest({
        method: 'POST',
        targetUri: URL_,
        body: utf8(body),
        keyid: signer.keyid,
        seed: signer.seed,
        createdS: Math.floor(Date.now() / 1000),
        nonce: randomBytes(16).toString('hex'),
      })
    : {};
  const response = await POST(
    new Request(URL_, { method: 'POST', headers: { 'content-type': type, ...signature }, body }),
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const deep = `${'['.repeat(40)}${']'.repeat(40)}`;

describe('POST /access/v1/evaluation', () => {
  it('answers in the documented shape', async () => {
    const { status, body } = await post(JSON.stringify(payment()));
    expect(status).toBe(200);
    expect(evaluationResponse.parse(body)).toMatchObject({
      decision: true,
      context: { action_digest: actionDigest(payment()) },
    });
  });

  it('an action without a context is one with an empty context', async () => {
    const { context: _context, ...rest } = payment();
    const { body } = await post(JSON.stringify(rest));
    expect(body).toMatchObject({ context: { action_digest: actionDigest({ ...rest, context: {} }) } });
  });

  it.each([
    ['unsigned', JSON.stringify(payment()), { sign: false }, 401, 'signature_missing'],
    ['wrong content type', JSON.stringify(payment()), { type: 'text/plain' }, 415, 'unsupported_media_type'],
    ['not JSON', '{', {}, 400, 'invalid_json'],
    [
      'a key twice, spelt differently',
      '{"subject":{"id":"a","\\u0069d":"b"}}',
      {},
      400,
      'duplicate_json_key',
    ],
    ['deeply nested', `{"context":{"a":${deep}}}`, {}, 400, 'json_too_deep'],
    ['a float', JSON.stringify(payment({ amount: 1.5, to: 'a' })), {}, 400, 'invalid_json'],
    [
      'oversized',
      JSON.stringify(payment({ amount: '1', to: 'x'.repeat(70_000) })),
      {},
      413,
      'request_too_large',
    ],
    ['unknown member', JSON.stringify({ ...payment(), decision: true }), {}, 400, 'malformed_request'],
    ['no action', JSON.stringify({ subject: payment().subject }), {}, 400, 'malformed_request'],
    [
      'an approval that is none',
      JSON.stringify({ ...payment(), context: { approval: 7 } }),
      {},
      400,
      'malformed_request',
    ],
  ])('refuses: %s', async (_name, body, options, status, code) => {
    const answer = await post(body, options);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('a producer that only reports may not ask for authority', async () => {
    expect(await post(JSON.stringify(payment()), { signer: dataProducer })).toMatchObject({
      status: 403,
      body: { code: 'producer_kind' },
    });
  });

  it('an approval is taken out of the context before the action is digested', async () => {
    const action = payment();
    const context = { ...action.context, approval: { id: 'apr_1', state: 'a.b.c' } };
    const { body } = await post(JSON.stringify({ ...action, context }));
    expect(body).toMatchObject({
      decision: false,
      context: {
        action_digest: actionDigest(action),
        reason_code: 'signature_invalid',
        next_action: 'request',
      },
    });
    expect(evaluationResponse.safeParse(body).success).toBe(true);
  });
});
