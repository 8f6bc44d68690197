import { afterAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { type Answer, captureLog, expectNoLeak, outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { countRows } from './count-rows';
import { signedRequest } from './machine-rows';
import { PERSON_ROWS } from './person-rows';
import { createWorld } from './world';

const { owner } = await startTestConsole();
const routes = await loadRoutes();
const { bank, clinic } = await createWorld();
const log = captureLog();
const ORIGIN = 'http://console.test';
const session = await signInAs(bank.members.senior_reviewer.id);
const admin = await signInAs(bank.members.admin.id);
const compliance = await signInAs(bank.members.compliance.id);

const ask = async (path: string, init: RequestInit = {}): Promise<Answer> =>
  readAnswer(await callRoute(routes, new Request(`${ORIGIN}${path}`, { headers: session, ...init })));

/** Every parameter of every route that a person reads, with one value that it would take. */
const PARAMETERS: Record<string, Record<string, string>> = {
  'api/v1/frame': {},
  'api/v1/events': {},
  'api/v1/escalations': {
    state: 'pending',
    filter: 'all',
    tier: 'bounded',
    control: 'threshold',
    agent: 'payments-agent',
    ids: bank.pending,
    cursor: `2026-11-20T08:00:00.000Z~${bank.pending}`,
    limit: '50',
  },
  'api/v1/decisions': { q: 'agent:payments-agent', cursor: '', direction: 'newer', limit: '10' },
  'api/v1/decisions/searches': {},
  'api/v1/decisions/summary': { q: 'agent:payments-agent' },
  'api/v1/decisions/export': { q: 'agent:payments-agent', format: 'csv' },
  'api/v1/vault': {},
  'api/v1/vault/looks': { cursor: `1790000000000.${bank.change}` },
  'api/v1/lineage': { node: bank.decision, limit: '10' },
  'api/v1/lineage/closure': {
    node: bank.decision,
    kind: 'decision',
    agent: 'a',
    hops: '2',
    after: '0',
    limit: '10',
  },
  'api/v1/lineage/path': { from: bank.decision, to: bank.decision, way: 'any' },
  'api/v1/versions': { kind: 'prompt', name: 'transfer' },
  'api/v1/versions/content': { digest: 'sha-256:none' },
  'api/v1/lineage/export': { node: bank.decision, format: 'prov' },
  'api/v1/insights': { days: '30', agent: 'payments-agent', source: 'gateway', control: 'threshold' },
  'api/v1/changes': { before: '' },
  'api/v1/insights/split': { dimension: 'agent', days: '30', agent: 'payments-agent', source: 'gateway' },
  'api/v1/insights/escalations': { days: '30', agent: 'payments-agent' },
  'api/v1/attention': { days: '30' },
  'api/v1/attention/own': {},
  'api/v1/attention/own/load': {},
  'api/v1/alerts': {},
  'api/v1/changes/compare': { change: bank.change, days: '7' },
  'api/v1/integrity': {},
  'api/v1/integrity/conditions': {},
  'api/v1/integrity/completeness': {},
  'api/v1/reconciliations': {},
  'api/v1/streams': {},
  'api/v1/streams/records': { stream: bank.gateway.id, from: '1', to: '1' },
  'api/v1/streams/inclusion': { stream: bank.gateway.id, position: '1' },
  'api/v1/streams/witnesses': { stream: bank.gateway.id, position: '1' },
  'api/v1/trust': {},
  'api/v1/people': {},
  'api/v1/delegations': {},
  'api/v1/break-glass': {},
  'api/v1/policies': { before: '2', id: 'payments', version: '1' },
};

const HOSTILE = [
  "'",
  "' OR '1'='1",
  "'; DELETE FROM nonces; --",
  `' UNION SELECT id, email, name FROM people --`,
  '1; SELECT pg_sleep(0)',
  '$1',
  '%',
  '_',
  '\\',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\ufeff',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '-1',
  '0',
  '1.5',
  '1e3',
  '0x10',
  '9007199254740993',
  '99999999999999999999999999',
  'NaN',
  'Infinity',
  'null',
  '[object Object]',
  '__proto__',
  'constructor',
  '<script>alert(1)</script>',
  'x\r\nSet-Cookie: a=b',
  'x'.repeat(5_000),
  clinic.decision,
  clinic.pending,
  clinic.gateway.id,
  `console/${clinic.tenant}`,
  clinic.members.admin.id,
  clinic.approval.id,
];

describe('parameters of what a person reads', () => {
  it('are all listed', () => {
    const read = PERSON_ROWS.filter(({ method, route }) => method === 'GET' && !route.includes('[')).map(
      ({ route }) => route,
    );
    expect(Object.keys(PARAMETERS).sort()).toEqual([...new Set(read)].sort());
  });

  const cases = Object.entries(PARAMETERS).flatMap(([route, parameters]) =>
    Object.keys(parameters).map((name) => [`${route}?${name}`, route, name] as const),
  );

  it.each(cases)('%s takes no hostile value for more than a text', async (_title, route, name) => {
    const before = await countRows(owner);
    const base = Object.entries(PARAMETERS[route] ?? {}).filter(([, value]) => value !== '');
    for (const value of HOSTILE) {
      const query = new URLSearchParams([...base.filter(([other]) => other !== name), [name, value]]);
      const headers = route.startsWith('api/v1/vault') ? compliance : session;
      const answer = await ask(`/${route}?${query}`, { headers });
      const outcome = outcomeOf(answer);
      expect(
        [200, 'malformed_request', 'not_found', 'policy_missing', 'not_logged_yet'],
        `${value}: ${answer.text}`,
      ).toContain(outcome);
      expectNoForeign(answer, value);
    }
    expect(await countRows(owner)).toEqual(before);
  });

  it('may be repeated, or be unknown, without harm', async () => {
    for (const [route, parameters] of Object.entries(PARAMETERS).filter(
      ([route]) => route !== 'api/v1/people',
    )) {
      const twice = Object.entries(parameters).flatMap(([name, value]) => [
        [name, value],
        [name, "'"],
      ]);
      const answer = await ask(
        `/${route}?${new URLSearchParams([...twice, ['__proto__', '1'], ['tenant', clinic.tenant]])}`,
      );
      expect(answer.status, answer.text).toBeLessThan(500);
      expectNoForeign(answer, '');
    }
  });
});

/** An answer may repeat the value that was asked for; nothing else of the other organisation. */
function expectNoForeign(answer: Answer, asked: string): void {
  expectNoLeak(
    asked.length > 3
      ? {
          ...answer,
          text: answer.text.replaceAll(asked, '').replaceAll(JSON.stringify(asked).slice(1, -1), ''),
        }
      : answer,
    clinic,
  );
}

describe('ids in the path', () => {
  const paths = [
    ...PERSON_ROWS.filter(({ route }) => route.includes('[')).map(({ method, route, body, own }) => {
      const headers = 'senior_reviewer' in own ? session : 'admin' in own ? admin : compliance;
      return [`${method} ${route}`, method, route, headers, body] as const;
    }),
  ];

  it.each(paths)('%s takes no hostile id', async (_name, method, route, headers, body) => {
    const before = await countRows(owner);
    for (const value of HOSTILE) {
      const path = `/${route.replace(/\[\w+\]/, encodeURIComponent(value.isWellFormed() ? value : 'x'))}`;
      const answer = await ask(path, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body({} as never)) } : {}),
      });
      expect(
        ['not_found', 'escalation_unknown', 'passkey_unknown', 'request_unknown', 'malformed_request'],
        `${value}: ${answer.text}`,
      ).toContain(outcomeOf(answer));
      expectNoLeak(answer, clinic);
    }
    expect(await countRows(owner)).toEqual(before);
  });

  it.each([
    ['GET', '/access/v1/requests/[id]', null],
    ['POST', '/access/v1/requests/[id]/cancel', '{}'],
    ['POST', '/access/v1/approvals/[id]/outcome', '{"state":"forwarded"}'],
    [
      'POST',
      '/access/v1/approvals/[id]/redeem',
      JSON.stringify({ token: bank.approval.token, action: bank.approval.action }),
    ],
  ])('%s %s takes no hostile id from a machine', async (method, path, body) => {
    const before = await countRows(owner);
    for (const value of HOSTILE) {
      const given = path.replace('[id]', encodeURIComponent(value.isWellFormed() ? value : 'x'));
      const request = signedRequest({
        method,
        path: given,
        body: body === null ? null : utf8(body),
        signer: bank.gateway,
      });
      const answer = await readAnswer(await callRoute(routes, request));
      expect(['task_unknown', 'unknown_approval', 'malformed_request'], `${value}: ${answer.text}`).toContain(
        outcomeOf(answer),
      );
      expectNoLeak(answer, clinic);
    }
    expect(await countRows(owner)).toEqual(before);
  });
});

describe('cursors', () => {
  const cursor = (text: string) => formatBase64url(utf8(text));
  it.each([
    cursor(`-1~${bank.decision}`),
    cursor(`01~${bank.decision}`),
    cursor(`8640000000000001~${bank.decision}`),
    cursor(`99999999999999999999~${bank.decision}`),
    cursor('1~'),
    cursor(`1~a b`),
    cursor("1~' OR 1=1"),
    cursor('1~a\u0000'),
    cursor(`1`),
    `${cursor(`1~${bank.decision}`)}=`,
    `${cursor(`1~${bank.decision}`)}x`,
    '=',
    '%00',
  ])('of a search that were tampered with are refused: %s', async (text) => {
    expect(outcomeOf(await ask(`/api/v1/decisions?cursor=${encodeURIComponent(text)}`))).toBe(
      'malformed_request',
    );
  });

  it('of a search reach to the ends of time and no further', async () => {
    for (const at of ['0', '1', '253402300799999', '8640000000000000']) {
      for (const direction of ['older', 'newer']) {
        const answer = await ask(
          `/api/v1/decisions?cursor=${cursor(`${at}~${clinic.decision}`)}&direction=${direction}`,
        );
        expect(outcomeOf(answer), `${at} ${direction} ${answer.text}`).toBe(200);
        const rows = (JSON.parse(answer.text) as { rows: { id: string }[] }).rows;
        expect(rows.every(({ id }) => id === bank.decision)).toBe(true);
        expectNoLeak({ ...answer, text: JSON.stringify(rows) }, clinic);
      }
    }
  });

  it.each([
    ['0000-01-01T00:00:00.000Z', 200],
    ['9999-12-31T23:59:59.999Z', 200],
    ['2026-13-01T00:00:00.000Z', 'malformed_request'],
    ['2026-02-30T00:00:00.000Z', 'malformed_request'],
    ['+275760-09-13T00:00:00.000Z', 'malformed_request'],
    ['-000001-01-01T00:00:00.000Z', 'malformed_request'],
  ])('of the queue at %s: %s', async (instant, expected) => {
    for (const state of ['pending', 'ended'])
      expect(
        outcomeOf(
          await ask(
            `/api/v1/escalations?state=${state}&cursor=${encodeURIComponent(`${instant}~${bank.pending}`)}`,
          ),
        ),
      ).toBe(expected);
  });

  it.each(['0000-01-01', '0001-01-01', '9999-12-31'])('bounds of time at %s', async (day) => {
    for (const field of ['after', 'before'])
      for (const route of ['decisions', 'decisions/summary'])
        expect(outcomeOf(await ask(`/api/v1/${route}?q=${field}:${day}`)), `${route} ${field}`).toBe(200);
  });
});

describe('named rows of the queue', () => {
  it("leave out another organisation's", async () => {
    const answer = await ask(`/api/v1/escalations?ids=${bank.pending},${clinic.pending}`);
    const { rows } = JSON.parse(answer.text) as { rows: { id: string }[] };
    expect(rows.map(({ id }) => id)).toEqual([bank.pending]);
    expectNoLeak(answer, clinic);
  });
});

afterAll(() => {
  const lines = log.join('\n');
  expect(lines).not.toMatch(/unexpected error/);
  expect(lines).not.toMatch(/[\w.-]+@[\w-]+\.\w+/);
});
