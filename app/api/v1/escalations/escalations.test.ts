import { beforeAll, describe, expect, it } from 'vitest';
import {
  decideResponse,
  escalationDetail,
  frameView,
  queuePage,
  type Role,
  reviewProgress,
} from '@/lib/escalations/escalation-view';
import { evaluate } from '@/lib/server/access/evaluate';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { submitEscalation } from '@/lib/server/escalations/submit';
import {
  createOrganisation,
  largePayment,
  newKey,
  reviewPolicy,
  type TestOrganisation,
  verdictOn,
} from '@/lib/server/escalations/testing/escalation-fixture';
import type { Reviewer } from '@/lib/server/reviews/reviewer';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { GET as events } from '../events/route';
import { GET as frame } from '../frame/route';
import { POST as claim } from './[escalationId]/claim/route';
import { POST as decide } from './[escalationId]/decide/route';
import { POST as heartbeat } from './[escalationId]/heartbeat/route';
import { POST as open } from './[escalationId]/open/route';
import { POST as release } from './[escalationId]/release/route';
import { GET as detail } from './[escalationId]/route';
import { GET as list } from './route';

await startTestConsole();

type Handler = (request: Request, id: string) => Promise<Response>;
const withId =
  (
    handler: (request: Request, context: { params: Promise<{ escalationId: string }> }) => Promise<Response>,
  ): Handler =>
  (request, escalationId) =>
    handler(request, { params: Promise.resolve({ escalationId }) });

const READERS: Role[] = ['reviewer', 'senior_reviewer', 'compliance', 'auditor'];
const DECIDERS: Role[] = ['reviewer', 'senior_reviewer'];
const EVERYONE: Role[] = [...READERS, 'admin'];

const ROUTES: { name: string; method: 'GET' | 'POST'; handler: Handler; roles: Role[] }[] = [
  { name: 'list', method: 'GET', handler: list, roles: READERS },
  { name: 'detail', method: 'GET', handler: withId(detail), roles: READERS },
  { name: 'frame', method: 'GET', handler: frame, roles: EVERYONE },
  { name: 'events', method: 'GET', handler: events, roles: EVERYONE },
  { name: 'open', method: 'POST', handler: withId(open), roles: DECIDERS },
  { name: 'claim', method: 'POST', handler: withId(claim), roles: DECIDERS },
  { name: 'release', method: 'POST', handler: withId(release), roles: DECIDERS },
  { name: 'heartbeat', method: 'POST', handler: withId(heartbeat), roles: DECIDERS },
  { name: 'decide', method: 'POST', handler: withId(decide), roles: DECIDERS },
];
const routeOf = (name: string) => ROUTES.find((route) => route.name === name) as (typeof ROUTES)[number];

let bank: TestOrganisation;
let taskId: string;
const people = new Map<Role, Reviewer>();

async function send(
  name: string,
  viewer: Reviewer | null,
  options: { body?: unknown; headers?: Record<string, string | null>; id?: string; query?: string } = {},
): Promise<Response> {
  const { method, handler } = routeOf(name);
  const headers = new Headers(viewer ? await signInAs(viewer.person.id, viewer.tenant.id) : {});
  if (method === 'POST') headers.set('content-type', 'application/json');
  for (const [header, value] of Object.entries(options.headers ?? {})) {
    if (value === null) headers.delete(header);
    else headers.set(header, value);
  }
  const abort = new AbortController();
  const body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body ?? {});
  const request = new Request(`http://console.test/api/v1/${name}${options.query ?? ''}`, {
    method,
    headers,
    signal: abort.signal,
    ...(method === 'POST' ? { body } : {}),
  });
  const response = await handler(request, options.id ?? taskId);
  if (name === 'events') abort.abort();
  return response;
}

async function submitNow(org: TestOrganisation): Promise<string> {
  const action = largePayment();
  const answer = await evaluate(org.gateway, action);
  const request = { ...action, evaluation_id: answer.context.evaluation_id as string };
  return (await submitEscalation(org.gateway, { idempotencyKey: newKey(), request })).task.id;
}

beforeAll(async () => {
  const { review } = reviewPolicy();
  bank = await createOrganisation(
    reviewPolicy({ review: { ...review, requiredSections: {}, minimumActiveMs: {} } }),
  );
  taskId = await submitNow(bank);
  for (const role of EVERYONE) people.set(role, await bank.person([role]));
});

describe.each(ROUTES)('$name', ({ name, roles }) => {
  it('asks who is there', async () => {
    const response = await send(name, null, { headers: { origin: 'http://console.test' } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'sign_in_required' });
  });

  it.each(EVERYONE.filter((role) => !roles.includes(role)))('is not for the role %s', async (role) => {
    const response = await send(name, people.get(role) ?? null);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'role_required' });
  });
});

describe.each(ROUTES.filter(({ method }) => method === 'POST'))('$name', ({ name }) => {
  it.each([
    ['another origin', 'origin', 'https://evil.example'],
    ['no origin at all', 'origin', null],
    ['a cross-site fetch', 'sec-fetch-site', 'cross-site'],
  ] as const)('refuses %s', async (_, header, value) => {
    const response = await send(name, people.get('reviewer') ?? null, { headers: { [header]: value } });
    expect(await response.json()).toMatchObject({ code: 'cross_site_request' });
  });
});

describe('the road over HTTP', () => {
  it('list → detail → open → claim → heartbeat → decide, each answer as its schema says', async () => {
    const id = await submitNow(bank);
    const reviewer = people.get('reviewer') as Reviewer;
    const read = async (name: string, options: Parameters<typeof send>[2] = {}) => {
      const response = await send(name, reviewer, { id, ...options });
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      return response.json();
    };
    const page = queuePage.parse(await read('list', { query: '?filter=unclaimed&limit=200' }));
    expect(page.rows.map((row) => row.id)).toContain(id);
    const shown = escalationDetail.parse(await read('detail'));
    expect(reviewProgress.parse(await read('open')).session).not.toBeNull();
    expect(reviewProgress.parse(await read('claim')).lease).toMatchObject({ mine: true });
    const beat = { visible: true, focused: true, idle: false, sections: ['action'] };
    expect(reviewProgress.parse(await read('heartbeat', { body: beat })).state).toBe('pending');
    const decided = decideResponse.parse(await read('decide', { body: verdictOn(shown, 'approve') }));
    expect(decided).toMatchObject({ state: 'approved' });
    const after = escalationDetail.parse(await read('detail'));
    expect(after.result?.approval?.token).toBe(decided.approval?.token);
    expect(frameView.parse(await read('frame')).integrity.state).toBe('unknown');
  });

  it.each([
    ['no JSON', 'not json', 'invalid_json'],
    ['a duplicate key', '{"verdict":"approve","verdict":"deny"}', 'duplicate_json_key'],
    ['a deep body', `${'['.repeat(40)}${']'.repeat(40)}`, 'json_too_deep'],
    ['an unknown verdict', JSON.stringify({ verdict: 'maybe' }), 'malformed_request'],
    ['more than 16 KiB', JSON.stringify({ reasonText: 'x'.repeat(20_000) }), 'request_too_large'],
  ])('decide refuses %s', async (_, body, code) => {
    const response = await send('decide', people.get('reviewer') ?? null, { body });
    expect(await response.json()).toMatchObject({ code });
  });

  it('decide refuses another media type', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await send('decide', people.get('reviewer') ?? null, { headers })).status).toBe(415);
  });

  it('list refuses what is no filter', async () => {
    for (const query of ['?limit=100000', '?state=all', '?sort=name', '?tier=high']) {
      const response = await send('list', people.get('auditor') ?? null, { query });
      expect(await response.json()).toMatchObject({ code: 'malformed_request' });
    }
  });

  it('answers a foreign escalation exactly like one that does not exist', async () => {
    const shop = await createOrganisation();
    const stranger = await shop.person(['senior_reviewer']);
    const body = verdictOn(await getDetail(people.get('reviewer') as Reviewer, taskId), 'approve');
    const unknown = 'esc_019aa000-0000-7000-8000-000000000000';
    for (const name of ['detail', 'open', 'claim', 'release', 'decide']) {
      const foreign = await send(name, stranger, { body });
      const missing = await send(name, stranger, { body, id: unknown });
      expect(foreign.status).toBe(404);
      expect(await foreign.text()).toBe(await missing.text());
    }
  });
});
