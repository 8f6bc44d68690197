import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '@/lib/identity/role';
import { paymentPolicyInput } from '@/lib/policy/testing/payment-policy';
import { getPool } from '@/lib/server/database/pool';
import { createPerson } from '@/lib/server/identity/create-person';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestTenant } from '@/lib/server/testing/test-producer';
import { GET, POST } from './route';

await startTestConsole();
const ADDRESS = 'http://console.test/api/v1/policies';
const people: Record<string, string> = {};

beforeAll(async () => {
  for (const tenant of ['bank', 'clinic']) {
    await createTestTenant(tenant);
    for (const role of ['admin', 'reviewer'] as Role[]) {
      const email = `${role}@${tenant}.example`;
      const { id } = await createPerson({ tenant, email, name: role, roles: [role], authority: null });
      people[`${tenant} ${role}`] = id;
    }
  }
});

async function call(who: string | null, body?: unknown, headers: Record<string, string> = {}, query = '') {
  const session = who ? await signInAs(people[who] as string) : {};
  const request = new Request(ADDRESS + query, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...session,
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await (body === undefined ? GET(request) : POST(request));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const text = JSON.stringify(paymentPolicyInput());

describe('/api/v1/policies', () => {
  it('an administrator publishes; everyone of the organisation reads; nobody else does', async () => {
    expect(await call('bank reviewer')).toMatchObject({ status: 200, body: { policy: null, versions: [] } });
    expect(await call('bank admin', { text, baseVersion: 0 })).toMatchObject({
      status: 201,
      body: { version: 1 },
    });
    expect(await call('bank reviewer')).toMatchObject({
      body: {
        policy: { version: 1, document: { id: 'payments' } },
        versions: [{ version: 1, publishedBy: people['bank admin'] }],
      },
    });
    expect(await call('clinic admin')).toMatchObject({ body: { policy: null, versions: [] } });
    expect(await call('bank reviewer', undefined, {}, '?id=payments&version=1')).toMatchObject({
      status: 200,
    });
  });

  it.each([
    [
      'nobody signed in',
      null,
      { text, baseVersion: 1 },
      { origin: 'http://console.test' },
      401,
      'sign_in_required',
    ],
    ['a reviewer', 'bank reviewer', { text, baseVersion: 1 }, {}, 403, 'role_required'],
    [
      'from another site',
      'bank admin',
      { text, baseVersion: 1 },
      { origin: 'http://evil.test' },
      403,
      'cross_site_request',
    ],
    ['over someone’s change', 'bank admin', { text: `${text} `, baseVersion: 0 }, {}, 409, 'policy_conflict'],
    ['without saying what it replaces', 'bank admin', { text }, {}, 400, 'malformed_request'],
    ['no policy at all', 'bank admin', { text: '{}', baseVersion: 1 }, {}, 400, 'policy_invalid'],
  ])('refuses to publish: %s', async (_name, who, body, headers, status, code) => {
    expect(await call(who, body, headers)).toMatchObject({ status, body: { code } });
    const stored = await getPool().query("SELECT 1 FROM policies WHERE tenant = 'bank'");
    expect(stored.rowCount).toBe(1);
  });

  it.each(['?version=0x1', '?version=-1', '?before=99999999999'])('refuses the query %s', async (query) => {
    expect(await call('bank reviewer', undefined, {}, query)).toMatchObject({ status: 400 });
  });
});
