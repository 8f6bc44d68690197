import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCallbackPath } from '@/app/sign-in/parse-callback-path';
import { noteFailure } from '@/lib/server/identity/attempt-limit';
import { createPerson } from '@/lib/server/identity/create-person';
import { formatSession } from '@/lib/server/identity/session-cookie';
import { verifyCredentials } from '@/lib/server/identity/verify-credentials';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestTenant } from '@/lib/server/testing/test-producer';
import { captureLog, outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { askNextAuth, type Exchange, jarOf } from './next-auth-exchange';

await startTestConsole();
// As in production: behind https, where cookies are bound to the host.
process.env.COUNTERSIGN_ORIGIN = 'https://console.test';
process.env.NEXTAUTH_URL = 'https://console.test';
const ORIGIN = 'https://console.test';
const PASSWORD = 'correct horse battery staple';
const EMAIL = 'admin@bank.example';
const routes = await loadRoutes();
const tenant = await createTestTenant('bank');
const { id } = await createPerson({
  tenant,
  email: EMAIL,
  name: 'Admin',
  roles: ['admin'],
  password: PASSWORD,
});
const log = captureLog();

async function signIn(fields: Record<string, string>): Promise<Exchange> {
  const csrf = await askNextAuth({ method: 'GET', action: ['csrf'] });
  const { csrfToken } = JSON.parse(csrf.body) as { csrfToken: string };
  return askNextAuth({
    method: 'POST',
    action: ['callback', 'credentials'],
    cookies: jarOf(csrf.cookies),
    body: { csrfToken, email: EMAIL, password: PASSWORD, ...fields },
  });
}

const sessionOf = ({ cookies }: Exchange) => cookies.find(({ name }) => name.endsWith('countersign-session'));

describe('the session cookie', () => {
  it('is bound to this host, hidden from scripts, kept to https, and holds nothing readable', async () => {
    const cookie = sessionOf(await signIn({}));
    expect(cookie?.name).toBe('__Host-countersign-session');
    expect(cookie?.flags).toEqual(expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=lax']));
    expect(cookie?.flags.some((flag) => flag.startsWith('domain'))).toBe(false);
    expect(cookie?.value.split('.')).toHaveLength(5);
    expect(Buffer.from(cookie?.value ?? '', 'base64url').toString()).not.toContain(id);
    expect(cookie?.value).not.toContain(id);
  });

  it('opens the console, and tells a script nothing about who that is', async () => {
    const cookie = sessionOf(await signIn({}));
    const headers = { cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}` };
    const answer = await readAnswer(
      await callRoute(routes, new Request(`${ORIGIN}/api/v1/frame`, { headers })),
    );
    expect(outcomeOf(answer)).toBe(200);
    const session = await askNextAuth({
      method: 'GET',
      action: ['session'],
      cookies: { [cookie?.name ?? '']: cookie?.value ?? '' },
    });
    expect(Object.keys(JSON.parse(session.body) as object).sort()).toEqual(['expires', 'user']);
    expect(session.body).not.toMatch(/@|per_|Admin/);
  });

  it.each([
    ['a wrong password', { password: 'wrong horse battery staple' }],
    ['an unknown account', { email: 'nobody@bank.example' }],
    ["a token that is not this browser's", { csrfToken: 'f'.repeat(64) }],
    ['no token', { csrfToken: '' }],
  ])('is not given for %s', async (_name, fields) => {
    const answer = await signIn(fields);
    expect(sessionOf(answer)?.value ?? '').toBe('');
    expect(`${answer.location}${answer.body}`).not.toContain('@');
  });
});

describe('where signing in leads', () => {
  const ELSEWHERE = [
    'https://evil.example/',
    'https://console.test.evil.example/',
    'https://console.test@evil.example/',
    'http://console.test/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/x\r\nset-cookie: a=b',
    ' https://evil.example',
  ];

  it.each(ELSEWHERE)('is never another site: %j', async (callbackUrl) => {
    const answers = [
      await signIn({ callbackUrl }),
      await askNextAuth({ method: 'GET', action: ['signin'], query: { callbackUrl } }),
      await askNextAuth({ method: 'GET', action: ['error'], query: { callbackUrl, error: '<script>' } }),
      await askNextAuth({
        method: 'GET',
        action: ['session'],
        cookies: { '__Secure-next-auth.callback-url': callbackUrl },
      }),
    ];
    for (const { location, cookies } of answers) {
      expect(location ?? '').not.toMatch(/[\r\n]/);
      const target = new URL(location ?? '/', ORIGIN);
      // The sign-in page carries the wish along; it is read once more there.
      if (target.pathname === '/sign-in' && target.origin === ORIGIN) {
        const wish = parseCallbackPath(target.searchParams.get('callbackUrl') ?? undefined);
        expect(new URL(wish, ORIGIN).origin).toBe(ORIGIN);
      } else expect(target.origin).toBe(ORIGIN);
      for (const { value } of cookies.filter(({ name }) => name.endsWith('callback-url')))
        expect(new URL(value, ORIGIN).origin).toBe(ORIGIN);
    }
  });
});

describe('guessing', () => {
  it('is no faster all at once: of twenty guesses that arrive together ten are heard', async () => {
    const email = 'burst@bank.example';
    await createPerson({ tenant, email, name: 'Burst', roles: ['admin'], password: PASSWORD });
    const guesses = Array.from({ length: 20 }, (_, i) =>
      verifyCredentials(email, `guess ${i}`, `10.0.0.${i}`),
    );
    const right = verifyCredentials(email, PASSWORD, '10.0.1.1');
    expect(await right).toBeNull();
    expect((await Promise.all(guesses)).every((found) => found === null)).toBe(true);
  });

  it('is not hidden by an address that the client makes up', async () => {
    for (let guess = 0; guess < 57; guess++) noteFailure('address:192.0.2.7');
    for (const made of ['1.2.3.4', '9'.repeat(5_000), 'unknown, 192.0.2.200'])
      await verifyCredentials('nobody@bank.example', 'x', `${made}, 192.0.2.7`);
    expect(await verifyCredentials(EMAIL, PASSWORD, '192.0.2.7')).toBeNull();
    expect(await verifyCredentials(EMAIL, PASSWORD, '192.0.2.7, 192.0.2.8')).toEqual({ id });
  });

  it('does not count against somebody who knows the password', async () => {
    for (let guess = 0; guess < 58; guess++) noteFailure('address:192.0.2.9');
    for (let time = 0; time < 5; time++)
      expect(await verifyCredentials(EMAIL, PASSWORD, '192.0.2.9')).toEqual({ id });
  });
});

describe("an invitation into somebody else's organisation", () => {
  const invite = async (roles: string[]) => {
    const other = await createTestTenant(`other-${randomUUID()}`);
    const inviter = await createPerson({
      tenant: other,
      email: `${other}@example.org`,
      name: 'I',
      roles: ['admin'],
    });
    const response = await callRoute(
      routes,
      new Request(`${ORIGIN}/api/v1/people`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: ORIGIN,
          cookie: `__Host-countersign-session=${encodeURIComponent(await formatSession(inviter.id))}`,
        },
        body: JSON.stringify({ email: EMAIL, name: 'Known', roles, authority: null }),
      }),
    );
    return outcomeOf(await readAnswer(response));
  };

  it('does not shut an administrator out of their own', async () => {
    expect(await invite(['reviewer'])).toBe('roles_conflict');
    expect(await verifyCredentials(EMAIL, PASSWORD, '192.0.2.20')).toEqual({ id });
  });

  it('lets them administer both', async () => {
    expect(await invite(['admin'])).toBe(201);
    expect(await verifyCredentials(EMAIL, PASSWORD, '192.0.2.21')).toEqual({ id });
  });
});

describe('changing the organisation', () => {
  const change = async (body: unknown) =>
    callRoute(
      routes,
      new Request(`${ORIGIN}/api/v1/tenants/current`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: ORIGIN,
          cookie: `__Host-countersign-session=${encodeURIComponent(await formatSession(id))}`,
        },
        body: JSON.stringify(body),
      }),
    );

  it('sets a cookie that scripts cannot read and http does not carry', async () => {
    const response = await change({ tenant });
    expect(response.headers.getSetCookie()).toEqual([
      'countersign-tenant=bank; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure',
    ]);
    expect(response.headers.get('location')).toBeNull();
  });

  it.each([
    'bank; Domain=evil.example',
    'bank\r\nSet-Cookie: a=b',
    'bank\u0000',
    'BANK',
    '../bank',
    '',
    'a'.repeat(65),
  ])('puts nothing else into the header: %j', async (wanted) => {
    const response = await change({ tenant: wanted, callbackUrl: 'https://evil.example' });
    expect(outcomeOf(await readAnswer(response))).toBe('malformed_request');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("does not set another organisation's", async () => {
    const other = await createTestTenant('clinic');
    const response = await change({ tenant: other });
    expect(outcomeOf(await readAnswer(response))).toBe('not_found');
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

afterAll(() => {
  const lines = log.join('\n');
  expect(lines).not.toMatch(/unexpected error|@|eyJ|horse/);
});
