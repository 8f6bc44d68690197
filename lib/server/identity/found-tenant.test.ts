import { beforeEach, describe, expect, it } from 'vitest';
import type { FoundTenantRequest } from '@/lib/identity/person-requests';
import { startTestConsole } from '../testing/test-console';
import { createFirstLink } from './create-first-link';
import { createPerson, setAuthority } from './create-person';
import { disablePerson } from './disable-person';
import { foundTenant, idOfName } from './found-tenant';
import { listPeople } from './list-people';
import { verifyCredentials } from './verify-credentials';

const console_ = await startTestConsole();
const DAY_MS = 24 * 60 * 60_000;
const PASSWORD = 'a long enough phrase';

function request(secret: string | null, more: Partial<FoundTenantRequest> = {}): FoundTenantRequest {
  return {
    secret: secret ?? '',
    organisation: 'St Brigid Hospital',
    name: 'Ada Okafor',
    email: 'Ada@brigid.example',
    password: PASSWORD,
    ...more,
  };
}

beforeEach(async () => {
  await console_.owner.query(
    'TRUNCATE tenants, people, memberships, authorities, one_time_links, producers, producer_keys, streams, records CASCADE',
  );
});

describe('the first administrator', () => {
  it('founds the organisation and signs in by the password', async () => {
    const { tenant, person } = await foundTenant(request(await createFirstLink()));
    expect(tenant).toBe('st-brigid-hospital');
    expect(await verifyCredentials('ada@brigid.example', PASSWORD, '10.0.0.1')).toEqual({ id: person });
    expect(await listPeople(tenant)).toMatchObject([{ id: person, name: 'Ada Okafor', roles: ['admin'] }]);
    expect(await createFirstLink()).toBeNull();
  });

  it('stores of the secret only its digest', async () => {
    const secret = (await createFirstLink()) ?? '';
    const { rows } = await console_.owner.query<{ secret_digest: Buffer }>(
      'SELECT secret_digest FROM one_time_links',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.secret_digest.equals(Buffer.from(secret, 'base64url'))).toBe(false);
  });

  it.each([
    ['unknown', async () => 'A'.repeat(43), {}],
    ['of yesterday', () => createFirstLink({ nowMs: Date.now() - DAY_MS - 1 }), {}],
    [
      'replaced by a later one',
      async () => {
        const old = await createFirstLink();
        await createFirstLink();
        return old;
      },
      {},
    ],
  ])('refuses a secret that is %s', async (_name, make) => {
    await expect(foundTenant(request(await make()))).rejects.toMatchObject({ code: 'link_invalid' });
    expect((await console_.owner.query('SELECT 1 FROM tenants')).rowCount).toBe(0);
  });

  it('lets one of two at the same instant through', async () => {
    const secret = await createFirstLink();
    const both = await Promise.allSettled([
      foundTenant(request(secret)),
      foundTenant(request(secret, { organisation: 'Another', email: 'eve@example.org' })),
    ]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'link_invalid' } });
    expect((await console_.owner.query('SELECT 1 FROM tenants')).rowCount).toBe(1);
  });

  it('does not spend the link on a password that is too short', async () => {
    const secret = await createFirstLink();
    await expect(foundTenant(request(secret, { password: 'short' }))).rejects.toMatchObject({
      code: 'password_unfit',
    });
    await foundTenant(request(secret));
  });

  it.each([
    ['Harbour Bank', 'harbour-bank'],
    ['  Ünïcode — Spital  ', 'unicode-spital'],
    ['病院', 'organisation'],
  ])('names %s as %s', (name, id) => {
    expect(idOfName(name)).toBe(id);
  });
});

describe('members', () => {
  async function found(): Promise<{ tenant: string; person: string }> {
    return foundTenant(request(await createFirstLink()));
  }

  it('shows limits exactly as they were set', async () => {
    const { tenant, person } = await found();
    const authority = {
      maxTier: 'bounded' as const,
      limits: [
        { amount: '50000.5', currency: 'EUR' },
        { amount: '60000', currency: 'USD' },
      ],
      tools: ['pay.*'],
      counterparties: ['known'],
      hours: { days: ['mon' as const], from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' },
    };
    await createPerson(
      { tenant, email: 'r@x.example', name: 'R', roles: ['reviewer'], authority },
      { by: person },
    );
    expect((await listPeople(tenant)).find((each) => each.name === 'R')).toMatchObject({ authority });
  });

  it('keeps at least one administrator', async () => {
    const { tenant, person } = await found();
    const by = { by: person };
    await expect(disablePerson({ tenant, person }, by)).rejects.toMatchObject({ code: 'last_administrator' });
    await expect(
      setAuthority({ tenant, person, roles: ['auditor'], authority: null }, by),
    ).rejects.toMatchObject({ code: 'last_administrator' });
    await createPerson({ tenant, email: 'b@x.example', name: 'B', roles: ['admin'] }, by);
    await disablePerson({ tenant, person }, by);
    expect((await listPeople(tenant)).map((each) => each.name)).toEqual(['B']);
  });

  it.each([
    ['configures and decides', ['admin', 'reviewer'] as const],
    ['is nothing', [] as const],
  ])('refuses somebody who %s', async (_name, roles) => {
    const { tenant } = await found();
    await expect(
      createPerson({ tenant, email: 'c@x.example', name: 'C', roles: [...roles] }),
    ).rejects.toMatchObject({ code: 'roles_conflict' });
  });

  it('refuses the same person twice, and changes of a stranger', async () => {
    const { tenant, person } = await found();
    await expect(
      createPerson({ tenant, email: 'ADA@brigid.example', name: 'Ada', roles: ['auditor'] }),
    ).rejects.toMatchObject({ code: 'person_exists' });
    await expect(
      setAuthority({ tenant: 'elsewhere', person, roles: ['auditor'], authority: null }, { by: person }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
