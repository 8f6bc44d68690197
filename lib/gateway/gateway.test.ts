import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import type { JsonObject, JsonValue } from '@/lib/core/json';
import { paymentPolicyInput, payment as policyPayment } from '@/lib/policy/testing/payment-policy';
import { getPool } from '@/lib/server/database/pool';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { ANY, verdictOn } from '@/lib/server/escalations/testing/escalation-fixture';
import { createPerson } from '@/lib/server/identity/create-person';
import { getSigningKey } from '@/lib/server/keys/key-directory';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { newId } from '@/lib/server/random';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { openReview } from '@/lib/server/reviews/open';
import type { Reviewer } from '@/lib/server/reviews/reviewer';
import { startTestConsole } from '@/lib/server/testing/test-console';
import {
  createTestProducer,
  createTestTenant,
  type TestProducer,
  testDecisionBody,
} from '@/lib/server/testing/test-producer';
import type { Action } from '@/lib/tokens/action';
import { formatJwks } from '@/lib/tokens/jwks';
import { createGateway, type Gateway, type GatewayOptions } from './create-gateway';
import { createMemoryOutbox } from './outbox';
import { createConsoleFetch } from './testing/console-fetch';

await startTestConsole();
const consoleFetch = createConsoleFetch();
let producer: TestProducer;
let reviewer: Reviewer;
let jwks: JsonValue;

beforeAll(async () => {
  const tenant = await createTestTenant('bank');
  const text = JSON.stringify(
    paymentPolicyInput({
      thresholds: [
        {
          name: 'large',
          tools: ['pay'],
          on: { kind: 'per-action', above: '500', currency: 'INR' },
          // biome-ignore lint/suspicious/noThenProperty: the policy's word for what follows
          then: 'escalate',
        },
      ],
    }),
  );
  await publishPolicy({ tenant, text, publishedBy: 'test' }, { nowMs: Date.now() - 1000 });
  producer = await createTestProducer(tenant, { kind: 'gateway' });
  const email = 'asha@example.org';
  const { id } = await createPerson({ tenant, email, name: 'Asha', roles: ['reviewer'], authority: ANY });
  reviewer = {
    person: { id, name: 'Asha', email },
    tenant: { id: tenant, name: tenant, demo: false },
    roles: ['reviewer'],
  };
  const key = getSigningKey('approval');
  jwks = formatJwks([{ kid: key.keyid, publicKey: key.publicKey }]);
});

function gatewayWith(overrides: Partial<GatewayOptions> = {}): Gateway {
  return createGateway({
    origin: 'http://console.test',
    producerId: producer.id,
    seed: producer.seed,
    jwks,
    fetch: consoleFetch,
    ...overrides,
  });
}

function payment(amount: string): Action {
  return policyPayment({ amount, to: `acct-${randomBytes(4).toString('hex')}` });
}

/** A person decides whatever comes to wait. */
async function decideNext(verdict: 'approve' | 'deny', after: ReadonlySet<string> = known): Promise<string> {
  for (;;) {
    const found = await getPool().query<{ id: string }>("SELECT id FROM escalations WHERE state = 'pending'");
    const id = found.rows.map((row) => row.id).find((candidate) => !after.has(candidate));
    if (id) {
      known.add(id);
      await getDetail(reviewer, id);
      await openReview(reviewer, id);
      await decideEscalation(reviewer, id, verdictOn(await getDetail(reviewer, id), verdict));
      return id;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const known = new Set<string>();

/** Changes the answers of one route. */
function answering(path: RegExp, change: (response: Response) => Promise<Response> | Response) {
  const lying: typeof fetch = async (input, init) => {
    const response = await consoleFetch(input, init);
    return path.test(new URL(String(input)).pathname) ? change(response) : response;
  };
  return lying;
}

async function edited(response: Response, edit: (body: JsonObject) => unknown): Promise<Response> {
  const body = (await response.json()) as JsonObject;
  return Response.json(edit(body), { status: response.status });
}

let executions = 0;
const execute = async () => {
  executions++;
  return { value: 'paid', downstream: [{ system: 'core-banking', type: 'transfer', id: newId('lnk') }] };
};
/** Runs `work` and says how often the action was executed in it. */
async function executionsDuring(work: () => Promise<unknown>): Promise<number> {
  const before = executions;
  await work();
  return executions - before;
}

describe('guard', () => {
  it('executes what the policy allows, and records the decision before and the outcome after', async () => {
    const id = newId('dec');
    const outcome = await gatewayWith().guard(payment('100.00'), execute, {
      decision: { id, body: () => testDecisionBody() as JsonObject },
    });
    expect(outcome).toMatchObject({ status: 'executed', value: 'paid', authority: { approvalId: null } });
    expect(outcome).not.toHaveProperty('unreported');
    const records = await getPool().query(
      'SELECT kind, id FROM records WHERE stream = $1 ORDER BY position',
      [producer.id],
    );
    expect(records.rows).toEqual([
      { kind: 'decision', id },
      { kind: 'action.outcome', id: `${id}.outcome` },
    ]);
  });

  it('asks people, verifies their token offline, redeems it once, executes and reports', async () => {
    const action = payment('18500.00');
    const gateway = gatewayWith();
    const guarded = gateway.guard(action, execute, { evidence: { agentSaid: 'Invoice 4471 is due.' } });
    const taskId = await decideNext('approve');
    const outcome = await guarded;
    expect(outcome).toMatchObject({ status: 'executed', value: 'paid' });
    const task = await gateway.wait(taskId, { timeoutMs: 0 });
    if (!task.ok || !task.value.approval) throw new Error('no approval');
    const { id, token } = task.value.approval;
    const stored = await getPool().query('SELECT state, downstream FROM outcomes WHERE approval = $1', [id]);
    expect(stored.rows).toMatchObject([{ state: 'forwarded', downstream: [{ system: 'core-banking' }] }]);
    expect(gateway.verify(token, action)).toMatchObject({ ok: true, value: { jti: id } });
    expect(gatewayWith({ requirePasskey: true }).verify(token, action)).toMatchObject({
      code: 'token_refused',
      problem: 'passkey_required',
    });
    expect(await gateway.redeem({ approvalId: id, token, action })).toMatchObject({
      code: 'refused',
      problem: 'already_redeemed',
      status: 409,
    });
    const changed = {
      ...action,
      action: { name: 'pay', properties: { ...action.action.properties, amount: '18501.00' } },
    };
    expect(gateway.verify(token, changed)).toMatchObject({
      code: 'token_refused',
      problem: 'action_mismatch',
    });
  });

  it('a changed amount is refused at redemption, and the right one still passes', async () => {
    const action = payment('900.00');
    const gateway = gatewayWith();
    const evaluation = await gateway.evaluate(action);
    if (!evaluation.ok) throw new Error(evaluation.code);
    const { evaluationId } = evaluation.value;
    const task = await gateway.escalate({ action, evaluationId });
    const again = await gateway.escalate({ action, evaluationId });
    expect(again).toEqual(task);
    const taskId = await decideNext('approve');
    const done = await gateway.wait(taskId, { timeoutMs: 5000 });
    if (!done.ok || !done.value.approval) throw new Error('no approval');
    const { id: approvalId, token } = done.value.approval;
    const changed = {
      ...action,
      action: { name: 'pay', properties: { ...action.action.properties, amount: '9000.00' } },
    };
    expect(await gateway.redeem({ approvalId, token, action: changed })).toMatchObject({
      problem: 'action_mismatch',
    });
    expect(await gateway.redeem({ approvalId, token, action })).toMatchObject({ ok: true });
  });

  it('does not execute what people deny', async () => {
    const count = await executionsDuring(async () => {
      const guarded = gatewayWith().guard(payment('900.00'), execute);
      await decideNext('deny');
      expect(await guarded).toMatchObject({ status: 'denied', task: { denialReason: 'looks-manipulated' } });
    });
    expect(count).toBe(0);
  });

  it('a timeout is no approval, and no denial: the request still waits', async () => {
    const count = await executionsDuring(async () => {
      const gateway = gatewayWith();
      const outcome = await gateway.guard(payment('900.00'), execute, { timeoutMs: 0 });
      expect(outcome).toMatchObject({ status: 'pending', task: { status: 'pending', approval: null } });
      if (outcome.status !== 'pending') return;
      known.add(outcome.task.id);
      expect(await gateway.cancel(outcome.task.id)).toMatchObject({ value: { status: 'cancelled' } });
      expect(await gateway.cancel(outcome.task.id)).toMatchObject({ problem: 'task_terminal' });
    });
    expect(count).toBe(0);
  });

  it('refuses what no grant covers', async () => {
    const action = { ...payment('1.00'), action: { name: 'close_account' } };
    const count = await executionsDuring(async () => {
      expect(await gatewayWith().guard(action, execute)).toMatchObject({
        status: 'refused',
        evaluation: { control: 'grant', reasonCode: 'tool_not_granted', requestableUntil: null },
      });
    });
    expect(count).toBe(0);
  });

  it('reports an error of the upstream system and gives it to the caller', async () => {
    const boom = new Error('bank offline');
    const outcome = await gatewayWith().guard(payment('10.00'), () => Promise.reject(boom));
    expect(outcome).toMatchObject({ status: 'upstream_error', error: boom });
  });
});

describe('guard executes nothing when', () => {
  const evaluationPath = /evaluation$/;
  const cases: [string, () => Partial<GatewayOptions>, string, string, object][] = [
    [
      'the console cannot be reached',
      () => ({ fetch: () => Promise.reject(new TypeError('down')) }),
      '10.00',
      'none',
      { code: 'unreachable' },
    ],
    [
      'the console is out of order',
      () => ({ fetch: answering(evaluationPath, () => new Response('{}', { status: 500 })) }),
      '10.00',
      'none',
      { code: 'refused', status: 500 },
    ],
    [
      'an allow has no verdict',
      () => ({ fetch: answering(evaluationPath, () => Response.json({ decision: true })) }),
      '10.00',
      'none',
      { code: 'response_malformed' },
    ],
    [
      'decision and verdict differ',
      () => ({ fetch: answering(evaluationPath, (r) => edited(r, (body) => ({ ...body, decision: true }))) }),
      '900.00',
      'none',
      { code: 'response_malformed' },
    ],
    [
      'the allow is for another action',
      () => ({
        fetch: answering(evaluationPath, (r) =>
          edited(r, (body) => ({
            ...body,
            context: { ...(body.context as JsonObject), action_digest: 'A'.repeat(43) },
          })),
        ),
      }),
      '10.00',
      'none',
      { code: 'response_malformed', detail: 'action_digest' },
    ],
    ['no keys are pinned', () => ({ jwks: undefined }), '900.00', 'approve', { code: 'keys_not_pinned' }],
    [
      'other keys are pinned',
      () => {
        const publicKey = publicKeyOf(new Uint8Array(32).fill(9));
        return { jwks: formatJwks([{ kid: jwkThumbprint(publicKey), publicKey }]) };
      },
      '900.00',
      'approve',
      { code: 'token_refused', problem: 'signature_invalid' },
    ],
    [
      'a task says approved without a token',
      () => {
        const lying = answering(/requests\/esc_[^/]*$/, (r) =>
          edited(r, (body) => ({ ...body, status: 'approved', result: {} })),
        );
        // Without `Prefer` the true answer comes at once, and is falsified on the way.
        return {
          fetch: (input, init) => {
            const headers = new Headers(init?.headers);
            headers.delete('prefer');
            return lying(input, { ...init, headers });
          },
        };
      },
      '900.00',
      'none',
      { code: 'response_malformed' },
    ],
    [
      'the answer to the redemption is lost',
      () => ({
        fetch: answering(/redeem$/, () => {
          throw new TypeError('connection reset');
        }),
      }),
      '900.00',
      'approve',
      { code: 'unreachable' },
    ],
    [
      'the receipt is for another approval',
      () => ({
        fetch: answering(/redeem$/, (r) => edited(r, (body) => ({ ...body, approval_id: 'apr_x' }))),
      }),
      '900.00',
      'approve',
      { code: 'response_malformed' },
    ],
    [
      'its clock is wrong by an hour',
      () => ({ clock: () => Date.now() - 3_600_000 }),
      '10.00',
      'none',
      { code: 'refused', problem: 'signature_expired' },
    ],
    [
      'it signs with a key that is not registered',
      () => ({ seed: new Uint8Array(32).fill(3) }),
      '10.00',
      'none',
      { code: 'refused', problem: 'key_unknown' },
    ],
  ];
  it.each(cases)('%s', async (_name, overrides, amount, person, expected) => {
    const count = await executionsDuring(async () => {
      const guarded = gatewayWith(overrides()).guard(payment(amount), execute);
      if (person === 'approve') await decideNext('approve');
      expect(await guarded).toMatchObject({ status: 'failed', failure: expected });
    });
    expect(count).toBe(0);
    const pending = await getPool().query<{ id: string }>(
      "SELECT id FROM escalations WHERE state = 'pending'",
    );
    for (const { id } of pending.rows) known.add(id);
  });

  it('the decision cannot be recorded', async () => {
    const count = await executionsDuring(async () => {
      const outcome = await gatewayWith().guard(payment('10.00'), execute, {
        decision: { id: newId('dec'), body: () => ({ not: 'a decision' }) },
      });
      expect(outcome).toMatchObject({ status: 'failed', failure: { problem: 'record_invalid' } });
    });
    expect(count).toBe(0);
  });

  it('the action is not I-JSON, and nothing is sent', async () => {
    const seen: string[] = [];
    const gateway = gatewayWith({ fetch: createConsoleFetch(seen) });
    const action = { ...payment('1'), context: { score: 0.5 } };
    expect(await gateway.guard(action, execute)).toMatchObject({ failure: { code: 'action_invalid' } });
    expect(seen).toEqual([]);
  });

  it('the caller gives up', async () => {
    const controller = new AbortController();
    const count = await executionsDuring(async () => {
      const guarded = gatewayWith().guard(payment('900.00'), execute, { signal: controller.signal });
      setTimeout(() => controller.abort(), 150);
      expect(await guarded).toMatchObject({ status: 'failed', failure: { code: 'aborted' } });
    });
    expect(count).toBe(0);
  });
});

describe('records', () => {
  const decision = () => ({
    kind: 'decision' as const,
    id: newId('dec'),
    body: testDecisionBody() as JsonObject,
  });

  it('many at once travel together, in the order of their numbers', async () => {
    const own = await createTestProducer('bank', { kind: 'agent' });
    const seen: string[] = [];
    const gateway = gatewayWith({ producerId: own.id, seed: own.seed, fetch: createConsoleFetch(seen) });
    const receipts = await gateway.recordMany(Array.from({ length: 60 }, decision));
    expect(receipts.map((receipt) => receipt.ok && receipt.value.position)).toEqual(
      Array.from({ length: 60 }, (_, n) => n + 1),
    );
    expect(seen.length).toBeLessThan(10);
  });

  it('a lost answer sends the same bytes again, which are a duplicate', async () => {
    const own = await createTestProducer('bank', { kind: 'agent' });
    let lose = true;
    const losing: typeof fetch = async (input, init) => {
      const response = await consoleFetch(input, init);
      if (!lose) return response;
      lose = false;
      throw new TypeError('connection reset');
    };
    const gateway = gatewayWith({ producerId: own.id, seed: own.seed, fetch: losing });
    expect(await gateway.record(decision())).toMatchObject({
      value: { status: 'duplicate', seq: 1, position: 1 },
    });
    expect(await gateway.record(decision())).toMatchObject({
      value: { status: 'accepted', seq: 2, position: 2 },
    });
  });

  it('a restart resumes from the outbox without a gap', async () => {
    const own = await createTestProducer('bank', { kind: 'agent' });
    const outbox = createMemoryOutbox();
    const dead = gatewayWith({
      producerId: own.id,
      seed: own.seed,
      outbox,
      fetch: () => Promise.reject(new TypeError('down')),
    });
    expect(await dead.record(decision())).toMatchObject({ code: 'unreachable' });
    const alive = gatewayWith({ producerId: own.id, seed: own.seed, outbox });
    expect(await alive.resume()).toMatchObject([{ value: { seq: 1, position: 1, status: 'accepted' } }]);
    expect(await alive.record(decision())).toMatchObject({ value: { seq: 2, position: 2 } });
    expect(await alive.resume()).toEqual([]);
    const gaps = await getPool().query('SELECT 1 FROM stream_gaps WHERE stream = $1', [own.id]);
    expect(gaps.rowCount).toBe(0);
  });
});
