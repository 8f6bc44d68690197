import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { evaluate } from '@/lib/server/access/evaluate';
import { getPool } from '@/lib/server/database/pool';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { submitEscalation } from '@/lib/server/escalations/submit';
import { addComment } from '@/lib/server/flow/add-comment';
import { createPerson } from '@/lib/server/identity/create-person';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { ingestRecords } from '@/lib/server/records/ingest';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { openReview } from '@/lib/server/reviews/open';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { testDecisionBody } from '@/lib/server/testing/test-producer';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { namesOf, PERSON_ROWS, type RoleName } from './person-rows';
import { callerOf, createOrganisation, largePayment, ROLE_NAMES } from './world';

await startTestConsole();
await openLog();
const routes = await loadRoutes();
const bank = await createOrganisation('bank');
const WORDS = `Compared with order ${randomBytes(6).toString('hex')}`;
const CODE = 'within-mandate';
const ORIGIN = 'http://console.test';

/** What asks about the case, beside every GET route with the case's own names. */
interface Asked {
  name: string;
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
}

let named = namesOf(bank);
let review = '';
let traces: string[] = [];
let surfaces: Asked[] = [];
let firstReviewer = '';
const before = new Map<string, string>();

async function ask(role: RoleName, { method, path, body }: Asked) {
  return readAnswer(
    await callRoute(
      routes,
      new Request(`${ORIGIN}${path}`, {
        method,
        headers: { ...(await signInAs(bank.members[role].id)), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    ),
  );
}

/** The decision record that fits the action which people are asked about. */
function decisionAbout(action: Action, tier: unknown) {
  const { identity, output, ...rest } = testDecisionBody() as {
    identity: { agent: object };
    output: { outcome: object };
  };
  return {
    ...rest,
    identity: {
      ...identity,
      agent: { ...identity.agent, id: action.subject.id },
      principal: action.context.principal,
    },
    output: {
      action: {
        name: action.action.name,
        resource: { type: action.resource.type, id: action.resource.id },
        action_digest: actionDigest(action),
        tier,
      },
      outcome: { ...output.outcome, verdict: 'escalate', control: 'threshold', rule: 'large' },
    },
  };
}

const AGGREGATES = [
  'insights?days=30',
  'insights/escalations?days=7',
  'insights/split?dimension=tenant&days=7',
];
/** An aggregate without the moment at which it was asked for. */
const steady = (text: string) => text.replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"then"');
const SECOND = ['reviewer', 'senior_reviewer'] as const;
/** What a second reviewer is shown and may try, which the first verdict must not change: a comment is counted, no more. */
async function lookAsSecond(role: RoleName): Promise<string> {
  const path = `/api/v1/escalations/${named.pending}`;
  const detail = JSON.parse((await ask(role, { name: 'detail', method: 'GET', path })).text);
  const body = { action: {}, actionDigest: detail.actionDigest, version: detail.row.version };
  const edit = await ask(role, { name: 'narrow', method: 'POST', path: `${path}/narrow`, body });
  detail.flow.heldComments = 0;
  detail.session.reviewDwellMs = 0;
  return `${steady(JSON.stringify(detail))} ${edit.code}`;
}

beforeAll(async () => {
  const nowMs = Date.now() - 60_000;
  await publishPolicy(
    {
      tenant: bank.tenant,
      text: JSON.stringify(
        paymentPolicyInput({
          thresholds: [
            {
              name: 'large',
              tools: ['pay'],
              on: { kind: 'per-action', above: '500', currency: 'INR' },
              // biome-ignore lint/suspicious/noThenProperty: the policy language says `then`; nothing awaits a rule.
              then: 'escalate',
            },
          ],
          review: { quorum: [{ role: 'reviewer', count: 2 }], waitMinutes: 30, tokenMinutes: 5 },
        }),
      ),
      publishedBy: 'test',
    },
    { nowMs },
  );
  const { id } = await createPerson({
    tenant: bank.tenant,
    email: `first.${bank.marker}@example.org`,
    name: 'First Reviewer',
    roles: ['reviewer'],
    authority: { maxTier: 'unbounded', limits: [], tools: [], counterparties: [], hours: null },
  });
  firstReviewer = id;
  const caller = callerOf(bank.gateway);
  const action = largePayment(bank.marker, '18600.00');
  const answer = await evaluate(caller, action, {}, { nowMs });
  const payload = bank.gateway.payload({ body: decisionAbout(action, answer.context.tier) });
  await ingestRecords(null, [bank.gateway.sign(payload)]);
  const { subject, resource, action: name, context } = action;
  const { task } = await submitEscalation(
    caller,
    {
      idempotencyKey: randomBytes(12).toString('hex'),
      request: {
        subject,
        resource,
        action: name,
        context,
        evaluation_id: answer.context.evaluation_id as string,
        decision_id: payload.id as string,
      },
    },
    { nowMs },
  );
  named = { ...namesOf(bank), pending: task.id, decision: payload.id as string };
  for (const path of AGGREGATES)
    before.set(
      path,
      steady((await ask('senior_reviewer', { name: path, method: 'GET', path: `/api/v1/${path}` })).text),
    );
  for (const role of SECOND) {
    await ask(role, { name: 'open', method: 'POST', path: `/api/v1/escalations/${task.id}/open`, body: {} });
    before.set(role, await lookAsSecond(role));
  }

  const viewer = {
    person: { id, name: 'First Reviewer', email: `first.${bank.marker}@example.org` },
    tenant: { id: bank.tenant, name: bank.tenant, demo: false },
    roles: ['reviewer' as const],
  };
  await openReview(viewer, task.id, { nowMs: nowMs + 1000 });
  const seen = await getDetail(viewer, task.id, { nowMs: nowMs + 2000 });
  await decideEscalation(
    viewer,
    task.id,
    {
      verdict: 'approve',
      reasonCode: CODE,
      reasonText: WORDS,
      actionDigest: seen.actionDigest,
      displayDigest: seen.displayDigest,
      instance: seen.instance,
      version: seen.row.version,
    },
    { nowMs: nowMs + 20_000 },
  );
  await addComment(
    viewer,
    task.id,
    { text: `${WORDS}: done.`, carriesVerdict: false },
    { nowMs: nowMs + 21_000 },
  );
  await sequence({ force: true });
  const given = await getPool().query<{ id: string }>('SELECT id FROM reviews WHERE escalation = $1', [
    task.id,
  ]);
  review = given.rows[0]?.id ?? '';
  traces = [review, WORDS, CODE];
  const get = (path: string): Asked => ({
    name: path.split('?')[0] ?? path,
    method: 'GET',
    path: `/api/v1/${path}`,
  });
  const scope = { kind: 'decision', decision: named.decision };
  surfaces = [
    ...PERSON_ROWS.filter(({ method }) => method === 'GET').map(
      (row): Asked => ({ name: row.route, method: 'GET', path: row.path(named) }),
    ),
    get(`escalations?ids=${task.id}`),
    get(`escalations/${task.id}`),
    get(`decisions?q=reviewer:${id}`),
    get(`decisions/export?format=ndjson&q=reviewer:${id}`),
    get(`lineage?node=${task.id}`),
    get(`lineage?node=${review}`),
    get(`lineage/closure?node=${task.id}`),
    get(`lineage/path?from=${task.id}&to=${review}&way=any`),
    get(`lineage/path?from=${named.decision}&to=${review}&way=any`),
    get(`lineage/export?node=${task.id}&format=prov`),
    get(`lineage/export?node=${task.id}&format=openlineage`),
    get('streams/records?stream=console'),
    get(`streams/records?stream=${encodeURIComponent(`console/${bank.tenant}`)}`),
    { name: 'evidence/preview', method: 'POST', path: '/api/v1/evidence/preview', body: { scope } },
    {
      name: 'evidence',
      method: 'POST',
      path: '/api/v1/evidence',
      body: { scope, purpose: 'internal-audit' },
    },
  ];
});

describe('a first verdict before the second', () => {
  it('was given, and the escalation still waits', async () => {
    const found = await getPool().query('SELECT state, approvals FROM escalations WHERE id = $1', [
      named.pending,
    ]);
    expect(found.rows).toEqual([{ state: 'pending', approvals: 1 }]);
    expect(review).not.toBe('');
  });

  it.each(SECOND)('no route tells a %s of it', async (role) => {
    const told: string[] = [];
    for (const surface of surfaces) {
      const { text, status } = await ask(role, surface);
      // The question's own words come back in a path's or a problem's address, and tell nothing.
      if (status < 400 && traces.some((trace) => text.includes(trace))) told.push(surface.path);
    }
    expect(told).toEqual([]);
  });

  it.each(SECOND)('a %s finds no number that moved', async (role) => {
    const read = async (path: string) =>
      JSON.parse((await ask(role, { name: path, method: 'GET', path })).text);
    const detail = await read(`/api/v1/escalations/${named.pending}`);
    expect([detail.row.approvals, detail.row.decidedBy, detail.result, detail.flow.heldComments]).toEqual([
      0,
      null,
      null,
      1,
    ]);
    const [row] = (await read(`/api/v1/escalations?ids=${named.pending}`)).rows;
    expect([row.approvals, row.decidedBy]).toEqual([0, null]);
    const hop = await read(`/api/v1/lineage?node=${named.decision}`);
    expect(hop.nodes.find(({ id }: { id: string }) => id === named.pending)).toMatchObject({ led: 0 });
    const closure = await read(`/api/v1/lineage/closure?node=${named.decision}`);
    expect(closure.counts).not.toHaveProperty('review');
    // The waiting case itself is read in the queue only.
    const path = `/api/v1/lineage/closure?node=${named.pending}`;
    expect((await ask(role, { name: path, method: 'GET', path })).code).toBe('case_waits');
    expect((await read(`/api/v1/decisions?q=reviewer:${firstReviewer}`)).rows).toEqual([]);
    expect(
      (await ask(role, { name: 'review', method: 'GET', path: `/api/v1/lineage?node=${review}` })).code,
    ).toBe('not_found');
  });

  it.each(SECOND)('a %s is shown the case, and may do with it, what was so before', async (role) => {
    expect(await lookAsSecond(role)).toBe(before.get(role));
  });

  it.each(AGGREGATES)('the aggregate of %s stays as it was', async (path) => {
    const after = await ask('senior_reviewer', { name: path, method: 'GET', path: `/api/v1/${path}` });
    expect(after.status).toBe(200);
    expect(steady(after.text)).toBe(before.get(path));
  });

  it('tells nobody outside in a notice', async () => {
    const told = await getPool().query('SELECT kind, about FROM notifications WHERE tenant = $1', [
      bank.tenant,
    ]);
    for (const trace of traces) expect(JSON.stringify(told.rows)).not.toContain(trace);
  });

  it.each(['compliance', 'auditor'] as const)('a %s, who only oversees, may see it', async (role) => {
    const hop = await ask(role, {
      name: 'lineage',
      method: 'GET',
      path: `/api/v1/lineage?node=${named.pending}`,
    });
    expect(hop.text).toContain(review);
  });

  it('those who neither decide nor oversee the queue are refused it', async () => {
    for (const role of ROLE_NAMES.filter((each) => each === 'admin' || each === 'data_protection'))
      expect(
        (await ask(role, { name: 'detail', method: 'GET', path: `/api/v1/escalations/${named.pending}` }))
          .code,
      ).toBe('role_required');
  });
});
