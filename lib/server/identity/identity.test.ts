import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '@/lib/identity/demo-password';
import type { Role } from '@/lib/identity/role';
import { signInAs } from '../testing/sign-in-as';
import { startTestConsole } from '../testing/test-console';
import { createPerson, setAuthority } from './create-person';
import { createTenant } from './create-tenant';
import { disablePerson } from './disable-person';
import { requirePerson } from './require-person';
import { formatSession, readCookie, readSession, sessionCookieName } from './session-cookie';
import { signInOptions } from './sign-in-options';
import { verifyCredentials } from './verify-credentials';

const console_ = await startTestConsole();
process.env.COUNTERSIGN_DEMO = '1';

const REVIEWERS: Role[] = ['reviewer', 'senior_reviewer'];
const people: Record<'maya' | 'omar' | 'admin' | 'analyst', string> = {
  maya: '',
  omar: '',
  admin: '',
  analyst: '',
};

function ask(headers: Record<string, string>, method = 'GET'): Request {
  return new Request('http://console.test/api/v1/queue', { method, headers });
}

beforeAll(async () => {
  await createTenant({ id: 'bank', name: 'Bank', demo: true });
  await createTenant({ id: 'clinic', name: 'Clinic', demo: true });
  await createTenant({ id: 'insurer', name: 'Insurer' });
  const add = async (tenant: string, email: string, roles: Role[]): Promise<string> =>
    (await createPerson({ tenant, email, name: email, roles, password: DEMO_PASSWORD })).id;
  people.maya = await add('bank', 'Maya@bank.example', ['reviewer']);
  people.omar = await add('bank', 'omar@bank.example', ['auditor']);
  await createPerson({ tenant: 'clinic', email: 'omar@bank.example', name: 'Omar', roles: ['reviewer'] });
  people.admin = await add('insurer', 'admin@insurer.example', ['admin']);
  people.analyst = await add('insurer', 'analyst@insurer.example', ['compliance']);
});

describe('sessions', () => {
  it('carries the person and reads back', async () => {
    expect(await readSession(await formatSession(people.maya))).toBe(people.maya);
  });

  it.each([
    ['absent', () => undefined],
    ['not one', () => 'e30.e30.e30'],
    [
      'altered by one character',
      // Not the last one, four of whose bits mean nothing in base64url.
      async () => (await formatSession(people.maya)).replace(/.(?=.{8}$)/, (c) => (c === 'A' ? 'B' : 'A')),
    ],
    ['cut short', async () => (await formatSession(people.maya)).slice(0, -8)],
    ['far too long', () => 'A'.repeat(5000)],
  ])('refuses a session that is %s', async (_name, make) => {
    const value = await make();
    expect(await readSession(value)).toBeNull();
    const cookie = `${sessionCookieName()}=${value ?? ''}`;
    await expect(requirePerson(ask({ cookie }), REVIEWERS)).rejects.toMatchObject({
      code: 'sign_in_required',
    });
  });

  it('reads cookies by their whole name', () => {
    expect(readCookie('xa=1; a=2; ab=3', 'a')).toBe('2');
    expect(readCookie('a=%E0%A4%A', 'a')).toBeUndefined();
    expect(readCookie(null, 'a')).toBeUndefined();
  });
});

describe('requirePerson', () => {
  it('knows the person, the tenant and the roles there', async () => {
    const viewer = await requirePerson(ask(await signInAs(people.maya)), REVIEWERS);
    expect(viewer).toMatchObject({
      person: { id: people.maya, email: 'maya@bank.example' },
      tenant: { id: 'bank', demo: true },
      roles: ['reviewer'],
    });
  });

  it('counts a role in the tenant that is chosen, never in another', async () => {
    const viewer = await requirePerson(ask(await signInAs(people.omar, 'clinic')), REVIEWERS);
    expect(viewer.tenant.id).toBe('clinic');
    expect(viewer.tenants.map((tenant) => tenant.id)).toEqual(['bank', 'clinic']);
    await expect(requirePerson(ask(await signInAs(people.omar, 'bank')), REVIEWERS)).rejects.toMatchObject({
      code: 'role_required',
    });
  });

  it('does not open a tenant that the cookie names and the person is no member of', async () => {
    const viewer = await requirePerson(ask(await signInAs(people.maya, 'clinic')), REVIEWERS);
    expect(viewer.tenant.id).toBe('bank');
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://evil.test' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('refuses a change asked for by %s', async (_name, headers) => {
    const request = ask({ ...(await signInAs(people.maya)), ...headers }, 'POST');
    await expect(requirePerson(request, REVIEWERS)).rejects.toMatchObject({ code: 'cross_site_request' });
  });

  it('refuses a change without any sign of where it came from', async () => {
    const { cookie = '' } = await signInAs(people.maya);
    await expect(requirePerson(ask({ cookie }, 'POST'), REVIEWERS)).rejects.toMatchObject({
      code: 'cross_site_request',
    });
  });

  it('refuses a page that shows another organisation than the one chosen since', async () => {
    const headers = await signInAs(people.omar, 'clinic');
    const shows = (tenant: string) => ask({ ...headers, 'x-countersign-tenant': tenant });
    await expect(requirePerson(shows('clinic'), REVIEWERS)).resolves.toMatchObject({
      tenant: { id: 'clinic' },
    });
    await expect(requirePerson(shows('bank'), ['auditor'])).rejects.toMatchObject({ code: 'tenant_changed' });
  });

  it('forgets a withdrawn role and a disabled person at the next request', async () => {
    const { id } = await createPerson({
      tenant: 'bank',
      email: 'leaver@bank.example',
      name: 'L',
      roles: ['reviewer'],
    });
    const headers = await signInAs(id);
    await requirePerson(ask(headers), REVIEWERS);
    await setAuthority(
      { tenant: 'bank', person: id, roles: ['auditor'], authority: null },
      { by: people.admin },
    );
    await expect(requirePerson(ask(headers), REVIEWERS)).rejects.toMatchObject({ code: 'role_required' });
    await requirePerson(ask(headers), ['auditor']);
    await disablePerson({ tenant: 'bank', person: id }, { by: people.admin });
    await expect(requirePerson(ask(headers), ['auditor'])).rejects.toMatchObject({
      code: 'sign_in_required',
    });
  });
});

describe('passwords', () => {
  it("opens the demo's accounts while the console runs its demo", async () => {
    expect(await verifyCredentials(' MAYA@bank.example ', DEMO_PASSWORD, '10.0.0.1')).toEqual({
      id: people.maya,
    });
  });

  it('opens an administrator of a real organisation', async () => {
    expect(await verifyCredentials('admin@insurer.example', DEMO_PASSWORD, '10.0.0.1')).toEqual({
      id: people.admin,
    });
  });

  it.each([
    ['a wrong password', 'maya@bank.example', 'countersign-dem0'],
    ['an unknown account', 'nobody@bank.example', DEMO_PASSWORD],
    ['a real person who is no administrator', 'analyst@insurer.example', DEMO_PASSWORD],
    ['an empty password', 'maya@bank.example', ''],
  ])('answers %s alike', async (_name, email, password) => {
    expect(await verifyCredentials(email, password, '10.0.0.2')).toBeNull();
  });

  it('stops listening to an account after ten failures, also to its right password', async () => {
    const { id } = await createPerson({
      tenant: 'bank',
      email: 'target@bank.example',
      name: 'T',
      roles: ['reviewer'],
      password: DEMO_PASSWORD,
    });
    expect(await verifyCredentials('target@bank.example', DEMO_PASSWORD, '10.0.0.3')).toEqual({ id });
    for (let guess = 0; guess < 10; guess++)
      await verifyCredentials('target@bank.example', `guess ${guess}`, `10.0.1.${guess}`);
    expect(await verifyCredentials('target@bank.example', DEMO_PASSWORD, '10.0.0.4')).toBeNull();
  });
});

describe('the journal', () => {
  it('tells of every change of authority, by ids only', async () => {
    const { rows } = await console_.owner.query<{ text: string }>(
      "SELECT convert_from(envelope, 'UTF8') AS text FROM records WHERE kind = 'authority.changed' AND tenant = 'bank'",
    );
    const payloads = rows.map((row) => Buffer.from(JSON.parse(row.text).payload, 'base64').toString('utf8'));
    expect(payloads.some((payload) => payload.includes(people.maya))).toBe(true);
    for (const payload of payloads) expect(payload).not.toMatch(/@|Maya/);
  });
});

describe('the ways to sign in', () => {
  it("lists the demo's people, reviewers first, and nobody of a real organisation", async () => {
    const { demoAccounts, demoPassword, password } = await signInOptions();
    expect(demoPassword).toBe(DEMO_PASSWORD);
    expect(password).toBe(true);
    expect(demoAccounts.map((account) => account.email)).not.toContain('admin@insurer.example');
    expect(demoAccounts[0]).toMatchObject({ email: 'maya@bank.example', role: 'Reviewer', tenant: 'Bank' });
  });
});
