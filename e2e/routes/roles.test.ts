import { describe, expect, it } from 'vitest';
import { createPerson } from '@/lib/server/identity/create-person';
import { formatSession, sessionCookieName, TENANT_COOKIE } from '@/lib/server/identity/session-cookie';
import { sequence } from '@/lib/server/log/sequence';
import { ingestRecords } from '@/lib/server/records/ingest';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer } from '@/lib/server/testing/test-producer';
import { type Answer, captureLog, expectNoLeak, outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import {
  type Named,
  namesOf,
  namesOfNothing,
  PERSON_ROWS,
  type PersonRow,
  type RoleName,
} from './person-rows';
import {
  createTestDelegation,
  createWorld,
  largePayment,
  openTestCondition,
  openTestRequest,
  ROLE_NAMES,
  submitPayment,
} from './world';

await startTestConsole();
const routes = await loadRoutes();
const { bank, clinic } = await createWorld();
const log = captureLog();
const ORIGIN = 'http://console.test';

async function ask(row: PersonRow, named: Named, headers: Record<string, string>): Promise<Answer> {
  const body = row.body?.(named);
  const abort = new AbortController();
  const request = new Request(`${ORIGIN}${row.path(named)}`, {
    method: row.method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    signal: abort.signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await readAnswer(await callRoute(routes, request));
  abort.abort();
  return answer;
}

/** The bank's names, with a person, a producer and an escalation of their own for whoever may change them. */
async function freshNames(): Promise<Named> {
  const producer = await createTestProducer(bank.tenant, { kind: 'gateway' });
  await ingestRecords(null, [producer.record()]);
  await sequence({ force: true });
  const { id } = await createPerson({
    tenant: bank.tenant,
    email: `${crypto.randomUUID()}@example.org`,
    name: 'Somebody',
    roles: ['reviewer'],
  });
  const pending = await submitPayment(bank.gateway, largePayment(bank.marker), Date.now());
  const condition = await openTestCondition(bank.tenant);
  const delegation = await createTestDelegation(bank.tenant, bank.members);
  const request = await openTestRequest(bank.tenant, bank.decision);
  return {
    ...namesOf(bank),
    pending,
    condition,
    delegation,
    request,
    person: id,
    producer: producer.id,
    keyid: producer.keyid,
  };
}

const title = (row: PersonRow) => `${row.method} ${row.route}`;
const rows = PERSON_ROWS.map((row) => [title(row), row] as const);
const bankMember = (role: RoleName) => signInAs(bank.members[role].id);

/** What is only read, or only refused, is the same for everybody. */
const unchanged = await freshNames();

describe('who may', () => {
  it.each(rows)('%s', async (_name, row) => {
    const answers: Record<string, unknown> = {
      nobody: outcomeOf(await ask(row, namesOf(bank), { origin: ORIGIN })),
    };
    const expected: Record<string, unknown> = { nobody: 'sign_in_required' };
    for (const role of ROLE_NAMES) {
      const isChanged = row.method !== 'GET' && role in row.own;
      const answer = await ask(row, isChanged ? await freshNames() : unchanged, await bankMember(role));
      expectNoLeak(answer, clinic);
      expect(answer.headers.get('cache-control'), `${role}: cached`).toContain('no-store');
      answers[role] = outcomeOf(answer);
      expected[role] = row.own[role] ?? 'role_required';
    }
    expect(answers).toEqual(expected);
  });
});

describe("another organisation's things", () => {
  const named = PERSON_ROWS.filter((row) => row.foreign !== undefined).map(
    (row) => [title(row), row] as const,
  );

  it.each(named)('%s answers as if they did not exist', async (_name, row) => {
    for (const role of ROLE_NAMES) {
      const headers = await bankMember(role);
      const foreign = await ask(row, namesOf(clinic), headers);
      const nothing = await ask(row, namesOfNothing(), headers);
      expect(outcomeOf(foreign), role).toBe(role in row.own ? row.foreign : 'role_required');
      expect([foreign.status, foreign.text, [...foreign.headers]]).toEqual([
        nothing.status,
        nothing.text,
        [...nothing.headers],
      ]);
      expectNoLeak(foreign, clinic);
    }
  });

  it('exist for their own people', async () => {
    for (const [, row] of named.filter(([, { method }]) => method === 'GET')) {
      const role = Object.keys(row.own)[0] as RoleName;
      const answer = await ask(row, namesOf(clinic), await signInAs(clinic.members[role].id));
      expect(outcomeOf(answer), title(row)).toBe(row.own[role]);
    }
  });

  it('do not open by naming the organisation in the cookie', async () => {
    for (const [, row] of rows.filter(([, { method }]) => method === 'GET')) {
      for (const role of ROLE_NAMES) {
        const answer = await ask(row, namesOf(clinic), await signInAs(bank.members[role].id, clinic.tenant));
        expectNoLeak(answer, clinic);
      }
    }
  });

  it('lend no role: an administrator here is nobody there', async () => {
    const person = await createPerson({
      tenant: bank.tenant,
      email: `${crypto.randomUUID()}@example.org`,
      name: 'Both',
      roles: ['admin'],
    });
    await createPerson({
      tenant: clinic.tenant,
      email: await emailOf(person.id),
      name: 'Both',
      roles: ['auditor'],
    });
    const people = PERSON_ROWS.find((row) => title(row) === 'POST api/v1/people') as PersonRow;
    expect(outcomeOf(await ask(people, namesOf(clinic), await signInAs(person.id, clinic.tenant)))).toBe(
      'role_required',
    );
    expect(outcomeOf(await ask(people, namesOf(bank), await signInAs(person.id, bank.tenant)))).toBe(201);
  });
});

async function emailOf(id: string): Promise<string> {
  const { getPool } = await import('@/lib/server/database/pool');
  const { rows: found } = await getPool().query<{ email: string }>('SELECT email FROM people WHERE id = $1', [
    id,
  ]);
  return found[0]?.email ?? '';
}

describe('where a change comes from', () => {
  const changes = rows.filter(([, { method }]) => method !== 'GET');
  const sites: [string, Record<string, string>][] = [
    ['nothing said', {}],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['the origin of another port', { origin: 'http://console.test:8080' }],
    ['an origin that only begins alike', { origin: 'http://console.test.evil.example' }],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }],
    ['cross-site under our own origin', { 'sec-fetch-site': 'cross-site', origin: ORIGIN }],
    ['a referer only', { referer: `${ORIGIN}/settings` }],
  ];

  it.each(changes)('%s is refused from anywhere but our own pages', async (_name, row) => {
    for (const role of ROLE_NAMES) {
      const { cookie } = await bankMember(role);
      for (const [site, headers] of sites) {
        const answer = await ask(row, namesOf(bank), { cookie: cookie as string, ...headers });
        expect(outcomeOf(answer), `${role}, ${site}`).toBe('cross_site_request');
      }
    }
  });

  it('founding an organisation is guarded alike', async () => {
    for (const [site, headers] of sites) {
      const request = new Request(`${ORIGIN}/api/v1/tenants`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      expect(outcomeOf(await readAnswer(await callRoute(routes, request))), site).toBe('cross_site_request');
    }
  });
});

describe('sessions that are none', () => {
  const frame = PERSON_ROWS[0] as PersonRow;
  const name = 'countersign-session';
  const cookies: [string, () => Promise<string>][] = [
    ['an empty cookie', async () => `${name}=`],
    ['a word', async () => `${name}=admin`],
    ['a person id', async () => `${name}=${bank.members.admin.id}`],
    ['an unsigned token', async () => `${name}=eyJhbGciOiJub25lIn0.eyJzdWIiOiJwZXJfMSJ9.`],
    ['a token cut short', async () => `${name}=${(await formatSession(bank.members.admin.id)).slice(0, -4)}`],
    ['a bad escape', async () => `${name}=%E0%A4%A`],
    ['a very long one', async () => `${name}=${'a'.repeat(100_000)}`],
    [
      "next-auth's default name",
      async () => `next-auth.session-token=${await formatSession(bank.members.admin.id)}`,
    ],
    ['an unknown person', async () => `${name}=${await formatSession('per_nobody')}`],
    ['only the tenant', async () => `${TENANT_COOKIE}=${bank.tenant}`],
  ];

  it.each(cookies)('%s is nobody', async (_name, cookie) => {
    expect(sessionCookieName()).toBe(name);
    expect(outcomeOf(await ask(frame, namesOf(bank), { cookie: await cookie() }))).toBe('sign_in_required');
  });
});

describe('the matrix and the log', () => {
  it('has a row for every method of every route that asks for a person', async () => {
    const { listSources } = await import('@/lib/cli/architecture/source-file');
    const { listHandlers } = await import('@/lib/cli/architecture/route-guards');
    const asking = listSources(process.cwd())
      .filter(({ path }) => path.endsWith('/route.ts'))
      .flatMap(({ path, code }) =>
        listHandlers(code)
          .filter((handler) => handler.code.includes('requirePerson('))
          .map((handler) => `${handler.name} ${path.slice('app/'.length, -'/route.ts'.length)}`),
      );
    expect(asking.sort()).toEqual(PERSON_ROWS.map(title).sort());
  });

  it('wrote nothing unexpected, nobody’s address and no secret', () => {
    const text = log.join('\n');
    expect(text).not.toMatch(/unexpected error/);
    expect(text).not.toMatch(/[\w.-]+@[\w-]+\.\w+/);
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
  });
});
