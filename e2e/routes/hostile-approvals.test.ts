/**
 * Hostile cases for action-bound approvals, one row an attack: each is tried at the console's real routes, by people and by
 * machines, and at the gateway's own client, which must refuse by itself what a careless or stolen console would let pass.
 */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import { signRequest } from '@/lib/core/http-signature';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { Evaluation, Task } from '@/lib/gateway/access-client';
import { createGateway, type Gateway, type GatewayOptions } from '@/lib/gateway/create-gateway';
import type { GatewayResult } from '@/lib/gateway/gateway-result';
import { spendApproval } from '@/lib/gateway/spend-approval';
import { createConsoleFetch } from '@/lib/gateway/testing/console-fetch';
import type { Role } from '@/lib/identity/role';
import { paymentPolicyInput, payment as policyPayment } from '@/lib/policy/testing/payment-policy';
import { expireEscalation } from '@/lib/server/escalations/expire';
import { ANY } from '@/lib/server/escalations/testing/escalation-fixture';
import { createPerson } from '@/lib/server/identity/create-person';
import { getSigningKey } from '@/lib/server/keys/key-directory';
import { openLog } from '@/lib/server/log/open-log';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import type { Action } from '@/lib/tokens/action';
import type { TokenClaims } from '@/lib/tokens/claims';
import { formatJwks } from '@/lib/tokens/jwks';
import { formatToken, parseToken } from '@/lib/tokens/token';
import { outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';

await startTestConsole();
const routes = await loadRoutes();
await openLog();
const ORIGIN = 'http://console.test';
const consoleFetch = createConsoleFetch();

/** Above 500 a reviewer, above 100,000 a reviewer and a senior reviewer. */
function policyText(title: string): string {
  const above = (name: string, limit: string, quorum: { role: Role; count: number }[]) => ({
    name,
    tools: ['pay'],
    on: { kind: 'per-action' as const, above: limit, currency: 'INR' },
    // biome-ignore lint/suspicious/noThenProperty: the policy's word for what follows
    then: 'escalate' as const,
    quorum,
  });
  return JSON.stringify(
    paymentPolicyInput({
      title,
      thresholds: [
        above('large', '500', [{ role: 'reviewer', count: 1 }]),
        above('huge', '100000', [
          { role: 'reviewer', count: 1 },
          { role: 'senior_reviewer', count: 1 },
        ]),
      ],
    }),
  );
}

interface Site {
  tenant: string;
  producer: TestProducer;
  other: TestProducer;
  gateway: Gateway;
  person: (role: Role) => Promise<string>;
}

function gatewayOf(producer: TestProducer, options: Partial<GatewayOptions> = {}): Gateway {
  const key = getSigningKey('approval');
  return createGateway({
    origin: ORIGIN,
    producerId: producer.id,
    seed: producer.seed,
    jwks: formatJwks([{ kid: key.keyid, publicKey: key.publicKey }]),
    fetch: consoleFetch,
    ...options,
  });
}

async function createSite(): Promise<Site> {
  const tenant = await createTestTenant(`hostile-${randomBytes(4).toString('hex')}`);
  await publishPolicy(
    { tenant, text: policyText('Payments'), publishedBy: 'test' },
    { nowMs: Date.now() - 1_000 },
  );
  const producer = await createTestProducer(tenant, { kind: 'gateway' });
  return {
    tenant,
    producer,
    other: await createTestProducer(tenant, { kind: 'gateway' }),
    gateway: gatewayOf(producer),
    person: async (role) => {
      const email = `${randomBytes(6).toString('hex')}@example.org`;
      const roles = [role];
      return (await createPerson({ tenant, email, name: role, roles, authority: ANY })).id;
    },
  };
}

const payment = (amount: string, overrides: Partial<Action> = {}): Action =>
  policyPayment({ amount, to: `acct-${randomBytes(4).toString('hex')}` }, overrides);

function must<T>(result: GatewayResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

async function asPerson(person: string, path: string, body?: unknown) {
  const headers = { ...(await signInAs(person)), 'content-type': 'application/json' };
  const request = new Request(`${ORIGIN}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(await callRoute(routes, request));
}

/** Opens and decides as the page does; the outcome is the status or the closed code. */
async function decide(person: string, task: string, change: object = {}) {
  const path = `/api/v1/escalations/${task}`;
  await asPerson(person, `${path}/open`, {});
  const shown = JSON.parse((await asPerson(person, path)).text) as EscalationDetail;
  return outcomeOf(
    await asPerson(person, `${path}/decide`, {
      verdict: 'approve',
      reasonCode: 'matches-evidence',
      reasonText: 'Invoice 4471 was compared with the order.',
      actionDigest: shown.actionDigest,
      displayDigest: shown.displayDigest,
      instance: shown.instance,
      version: shown.row.version,
      ...change,
    }),
  );
}

interface Asked {
  action: Action;
  evaluation: Evaluation;
  terms: NonNullable<Evaluation['terms']>;
  task: string;
}

async function ask(site: Site, action: Action, gateway = site.gateway): Promise<Asked> {
  const evaluation = must(await gateway.evaluate(action));
  if (!evaluation.terms) throw new Error('not requestable');
  const task = must(await gateway.escalate({ action, evaluationId: evaluation.evaluationId }));
  return { action, evaluation, terms: evaluation.terms, task: task.id };
}

type Approved = Asked & { approval: NonNullable<Task['approval']> };

async function approve(site: Site, action: Action, people?: string[]): Promise<Approved> {
  const asked = await ask(site, action);
  for (const person of people ?? [await site.person('reviewer')])
    expect(await decide(person, asked.task)).toBe(200);
  const { approval } = must(await site.gateway.wait(asked.task, { timeoutMs: 0 }));
  if (!approval) throw new Error('not approved');
  return { ...asked, approval };
}

const huge = async (site: Site): Promise<Approved> =>
  approve(site, payment('150000.00'), [await site.person('reviewer'), await site.person('senior_reviewer')]);

/** What a thief of the console's key, or a fault of the console, could sign. */
function resign(
  { approval }: Approved,
  change: (claims: TokenClaims) => void,
  seed: Uint8Array = getSigningKey('approval').seed,
): NonNullable<Task['approval']> {
  const parsed = parseToken(approval.token);
  if (!parsed.ok) throw new Error(parsed.code);
  const claims = structuredClone(parsed.value.claims);
  change(claims);
  return { ...approval, token: formatToken(claims, { kid: jwkThumbprint(publicKeyOf(seed)), seed }) };
}

/** The code at the console's route, whatever the gateway's client would have said before. */
async function redeemAtRoute(
  gateway: Gateway,
  approved: Approved,
  token = approved.approval.token,
  action = approved.action,
) {
  const answer = await gateway.redeem({ approvalId: approved.approval.id, token, action });
  return answer.ok ? 'redeemed' : answer.problem;
}

/** The code with which the gateway's own client stops, before anything is sent. */
async function spendAtGateway(
  gateway: Gateway,
  action: Action,
  approval: NonNullable<Task['approval']>,
  terms: Asked['terms'],
) {
  let sent = 0;
  const spender = {
    verify: gateway.verify,
    redeem: (given: Parameters<Gateway['redeem']>[0]) => {
      sent++;
      return gateway.redeem(given);
    },
  };
  const spent = await spendApproval(spender, action, approval, terms);
  return spent.ok ? 'spent' : { problem: spent.problem, sent };
}

const stopped = (problem: string) => ({ problem, sent: 0 });

const CASES: [attack: string, run: (site: Site) => Promise<void>][] = [
  [
    'action A’s approval for B',
    async (site) => {
      const approved = await approve(site, payment('18500.00'));
      const other = payment('18500.01');
      const { terms } = await ask(site, other);
      expect(await spendAtGateway(site.gateway, other, approved.approval, terms)).toEqual(
        stopped('action_mismatch'),
      );
      expect(await redeemAtRoute(site.gateway, approved, undefined, other)).toBe('action_mismatch');
    },
  ],
  [
    'wrong audience',
    async (site) => {
      const approved = await approve(site, payment('18500.00'));
      const stranger = gatewayOf(site.other);
      expect(await spendAtGateway(stranger, approved.action, approved.approval, approved.terms)).toEqual(
        stopped('audience_mismatch'),
      );
      expect(await redeemAtRoute(stranger, approved)).toBe('audience_mismatch');
    },
  ],
  [
    'wrong subject',
    async (site) => {
      const approved = await approve(site, payment('18500.00'));
      const impostor = { ...approved.action, subject: { type: 'agent', id: 'other-agent' } };
      expect(await spendAtGateway(site.gateway, impostor, approved.approval, approved.terms)).toEqual(
        stopped('action_mismatch'),
      );
      expect(await redeemAtRoute(site.gateway, approved, undefined, impostor)).toBe('action_mismatch');
      const forged = resign(approved, (claims) => {
        claims.sub = 'other-agent';
      });
      expect(await spendAtGateway(site.gateway, approved.action, forged, approved.terms)).toEqual(
        stopped('action_mismatch'),
      );
      expect(await redeemAtRoute(site.gateway, approved, forged.token)).toBe('unknown_approval');
    },
  ],
  [
    'wrong actor',
    async (site) => {
      const approved = await approve(site, payment('18500.00'));
      const principal = { type: 'customer', token: `tok_${'b'.repeat(32)}` };
      const forSomebody = { ...approved.action, context: { ...approved.action.context, principal } };
      expect(await spendAtGateway(site.gateway, forSomebody, approved.approval, approved.terms)).toEqual(
        stopped('action_mismatch'),
      );
      expect(await redeemAtRoute(site.gateway, approved, undefined, forSomebody)).toBe('action_mismatch');
      const forged = resign(approved, (claims) => {
        claims.act = { sub: principal.token };
      });
      expect(await spendAtGateway(site.gateway, approved.action, forged, approved.terms)).toEqual(
        stopped('action_mismatch'),
      );
      expect(await redeemAtRoute(site.gateway, approved, forged.token)).toBe('unknown_approval');
    },
  ],
  [
    'stale policy',
    async (site) => {
      const approved = await approve(site, payment('18500.00'));
      const { tenant } = site;
      await publishPolicy({ tenant, text: policyText('Payments, stricter'), publishedBy: 'test' });
      const { terms } = await ask(site, approved.action);
      expect(await spendAtGateway(site.gateway, approved.action, approved.approval, terms)).toEqual(
        stopped('policy_changed'),
      );
      expect(await redeemAtRoute(site.gateway, approved)).toBe('policy_changed');
    },
  ],
  [
    'incomplete quorum',
    async (site) => {
      const asked = await ask(site, payment('150000.00'));
      expect(await decide(await site.person('reviewer'), asked.task)).toBe(200);
      // A second reviewer is no senior reviewer.
      expect(await decide(await site.person('reviewer'), asked.task)).toBe('role_required');
      expect(must(await site.gateway.wait(asked.task, { timeoutMs: 0 }))).toMatchObject({
        status: 'pending',
        approval: null,
      });
      const approved = await huge(site);
      const forged = resign(approved, (claims) => {
        claims.approvals = claims.approvals.filter(({ role }) => role === 'reviewer');
      });
      expect(await spendAtGateway(site.gateway, approved.action, forged, approved.terms)).toEqual(
        stopped('quorum_incomplete'),
      );
      expect(await redeemAtRoute(site.gateway, approved, forged.token)).toBe('unknown_approval');
    },
  ],
  [
    'duplicate human',
    async (site) => {
      const [reviewer, senior, officer] = [
        await site.person('reviewer'),
        await site.person('senior_reviewer'),
        await site.person('compliance'),
      ];
      const approved = await approve(site, payment('150000.00'), [reviewer, senior]);
      const link = await asPerson(officer, `/api/v1/people/${reviewer}/links`, {
        kind: 'person',
        value: senior,
      });
      expect(outcomeOf(link)).toBe(201);
      // Known only after both had signed: it is not redeemed any more.
      expect(await redeemAtRoute(site.gateway, approved)).toBe('duplicate_human');
      const asked = await ask(site, payment('150000.00'));
      expect(await decide(reviewer, asked.task)).toBe(200);
      expect(await decide(senior, asked.task)).toBe('duplicate_human');
      expect(await decide(reviewer, asked.task, { reasonText: 'The same person once more.' })).toBe(
        'already_decided',
      );
      const forged = resign(approved, (claims) => {
        claims.approvals = claims.approvals.map((each) => ({ ...each, reviewer }));
      });
      expect(await spendAtGateway(site.gateway, approved.action, forged, approved.terms)).toEqual(
        stopped('duplicate_human'),
      );
      const lent = resign(approved, (claims) => {
        claims.approvals = claims.approvals.map((each) =>
          each.role === 'reviewer' ? { ...each, on_behalf_of: senior } : each,
        );
      });
      expect(await spendAtGateway(site.gateway, approved.action, lent, approved.terms)).toEqual(
        stopped('duplicate_human'),
      );
    },
  ],
  [
    'spliced instances',
    async (site) => {
      const action = payment('150000.00');
      const [first, second] = [await ask(site, action), await ask(site, action)];
      const [reviewer, senior] = [await site.person('reviewer'), await site.person('senior_reviewer')];
      expect(await decide(reviewer, first.task)).toBe(200);
      const other = JSON.parse(
        (await asPerson(senior, `/api/v1/escalations/${second.task}`)).text,
      ) as EscalationDetail;
      // The same action, asked for twice: what was read and signed for one counts for the other not.
      expect(await decide(senior, first.task, { instance: other.instance })).toBe('stale_view');
      expect(await decide(senior, second.task)).toBe(200);
      for (const asked of [first, second])
        expect(must(await site.gateway.wait(asked.task, { timeoutMs: 0 })).status).toBe('pending');
      const [one, two] = [await huge(site), await approve(site, payment('18500.00'))];
      const forged = resign(one, (claims) => {
        const from = parseToken(two.approval.token);
        if (from.ok) claims.approvals = [...claims.approvals.slice(0, 1), ...from.value.claims.approvals];
      });
      expect(await redeemAtRoute(site.gateway, one, forged.token)).toBe('unknown_approval');
    },
  ],
  [
    'replay',
    async (site) => {
      const approved = await approve(site, payment('18500.00'));
      const { action, approval, terms } = approved;
      expect(await spendAtGateway(site.gateway, action, approval, terms)).toBe('spent');
      expect(await spendAtGateway(site.gateway, action, approval, terms)).toEqual({
        problem: 'already_redeemed',
        sent: 1,
      });
      expect(await redeemAtRoute(site.gateway, approved)).toBe('already_redeemed');
    },
  ],
  [
    'presenter-chosen approvers',
    async (site) => {
      const approved = await huge(site);
      // Signed by whoever presents it, with the approvers that suit them.
      const own = resign(approved, () => {}, site.producer.seed);
      expect(await spendAtGateway(site.gateway, approved.action, own, approved.terms)).toEqual(
        stopped('signature_invalid'),
      );
      expect(await redeemAtRoute(site.gateway, approved, own.token)).toBe('signature_invalid');
      const renamed = resign(approved, (claims) => {
        claims.approvals = claims.approvals.map((each) => ({ ...each, role: 'admin' }));
      });
      expect(await spendAtGateway(site.gateway, approved.action, renamed, approved.terms)).toEqual(
        stopped('quorum_incomplete'),
      );
      // The operator's own floor, which no answer of a console lowers.
      const small = await approve(site, payment('18500.00'));
      const strict = gatewayOf(site.producer, { leastQuorum: [{ role: 'reviewer', count: 2 }] });
      expect(await spendAtGateway(strict, small.action, small.approval, small.terms)).toEqual(
        stopped('quorum_incomplete'),
      );
      // A break-glass that neither the policy nor the operator lets stand in for a senior reviewer.
      const broken = resign(approved, (claims) => {
        claims.approvals = claims.approvals.map((each) => ({
          ...each,
          role: 'reviewer',
          break_glass: 'bgl_1',
        }));
      });
      expect(await spendAtGateway(site.gateway, approved.action, broken, approved.terms)).toEqual(
        stopped('break_glass_refused'),
      );
      const evaluation = must(await site.gateway.evaluate(small.action));
      const chosen = await asMachine(site, {
        ...small.action,
        evaluation_id: evaluation.evaluationId,
        quorum: [{ role: 'reviewer', count: 1 }],
        approvals: [{ reviewer: 'per_1', verdict: 'approve' }],
      });
      expect(chosen).toBe('malformed_request');
    },
  ],
  [
    'timeout is never approval',
    async (site) => {
      let executed = 0;
      const execute = async () => ({ value: ++executed });
      const waited = await site.gateway.guard(payment('18500.00'), execute, { timeoutMs: 0 });
      expect(waited).toMatchObject({ status: 'pending', task: { approval: null } });
      const asked = await ask(site, payment('18500.00'));
      await expireEscalation({ tenant: site.tenant, id: asked.task }, { nowMs: Date.now() + 86_400_000 });
      expect(must(await site.gateway.wait(asked.task, { timeoutMs: 0 }))).toMatchObject({
        status: 'expired',
        approval: null,
        denialReason: null,
      });
      expect(await decide(await site.person('reviewer'), asked.task)).toBe('late_verdict');
      expect(executed).toBe(0);
    },
  ],
];

/** Submits a body that the client itself would never send. */
async function asMachine(site: Site, body: object): Promise<unknown> {
  let altered = false;
  const altering: typeof fetch = async (input, init) => {
    if (!String(input).endsWith('/access/v1/requests')) return consoleFetch(input, init);
    altered = true;
    const bytes = utf8(JSON.stringify(body));
    const signed = signRequest({
      method: 'POST',
      targetUri: String(input),
      body: bytes,
      keyid: site.producer.keyid,
      seed: site.producer.seed,
      createdS: Math.floor(Date.now() / 1000),
      nonce: formatBase64url(new Uint8Array(randomBytes(16))),
    });
    return consoleFetch(input, {
      method: 'POST',
      headers: {
        ...signed,
        'content-type': 'application/json',
        'idempotency-key': randomBytes(8).toString('hex'),
      },
      body: bytes as BodyInit,
    });
  };
  const gateway = gatewayOf(site.producer, { fetch: altering });
  const evaluation = must(await site.gateway.evaluate(payment('900.00')));
  const answer = await gateway.escalate({ action: payment('900.00'), evaluationId: evaluation.evaluationId });
  expect(altered).toBe(true);
  return answer.ok ? 'taken' : answer.problem;
}

it.each(CASES)('%s', async (_attack, run) => {
  await run(await createSite());
});
