import { DEMO_PASSWORD } from '@/lib/identity/demo-password';
import type { Viewer } from '@/lib/identity/viewer';
import { getConfig } from '@/lib/server/config';
import { getPool } from '@/lib/server/database/pool';
import { createPerson } from '@/lib/server/identity/create-person';
import { createTenant } from '@/lib/server/identity/create-tenant';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { registerProducer } from '@/lib/server/producers/register-producer';
import { tokenise } from '@/lib/server/vault/tokenise';
import { DEMO_CAST, DEMO_TENANTS } from './cast';
import { DAY_MS } from './day-ms';
import { setUpAlerts } from './demo-alerts';
import { type DemoKey, openDemoKeys } from './demo-keys';
import { DemoProducer } from './demo-producer';
import type { Scenario } from './proposal';

/** One scenario's people and machines, ready to act. */
export interface DemoSite {
  scenario: Scenario;
  producers: Map<string, DemoProducer>;
  keys: Map<string, DemoKey>;
  /** By e-mail address, with their roles in this tenant. */
  people: Map<string, Pick<Viewer, 'person' | 'tenant' | 'roles'>>;
}

async function exists(sql: string, value: string): Promise<boolean> {
  return ((await getPool().query(sql, [value])).rowCount ?? 0) > 0;
}

async function setUpPeople(scenario: Scenario, atMs: number): Promise<void> {
  for (const member of DEMO_CAST) {
    const seats = member.seats.filter((seat) => seat.tenant === scenario.tenant);
    if (seats.length === 0) continue;
    const authority = seats.find((seat) => seat.authority)?.authority;
    await createPerson(
      {
        tenant: scenario.tenant,
        email: member.email,
        name: member.name,
        roles: seats.map((seat) => seat.role),
        authority: authority
          ? { limits: [], tools: [], counterparties: [], hours: null, ...authority }
          : null,
        password: DEMO_PASSWORD,
      },
      { nowMs: atMs },
    );
  }
}

async function findPeople(tenant: string): Promise<DemoSite['people']> {
  const { rows } = await getPool().query<{
    id: string;
    email: string;
    name: string;
    tenant_name: string;
    roles: Viewer['roles'];
  }>(
    `SELECT p.id, p.email, p.name, t.name AS tenant_name, array_agg(m.role) AS roles
       FROM memberships m JOIN people p ON p.id = m.person JOIN tenants t ON t.id = m.tenant
      WHERE m.tenant = $1 GROUP BY p.id, p.email, p.name, t.name`,
    [tenant],
  );
  return new Map(
    rows.map((row) => [
      row.email,
      {
        person: { id: row.id, name: row.name, email: row.email },
        tenant: { id: tenant, name: row.tenant_name, demo: true },
        roles: row.roles,
      },
    ]),
  );
}

/** The vault gives the same tokens on every start. */
async function nameSubjects(scenario: Scenario, keys: DemoSite['keys'], atMs: number): Promise<void> {
  const key = keys.get(scenario.gateway);
  if (!scenario.identifiers || !scenario.nameSubjects || !key) return;
  const caller = {
    producerId: scenario.gateway,
    tenant: scenario.tenant,
    kind: 'gateway',
    keyid: key.keyid,
    publicKey: key.publicKey,
  };
  const { tokens } = await tokenise(caller, { items: scenario.identifiers }, { nowMs: atMs });
  scenario.nameSubjects(tokens);
}

/**
 * Makes one scenario's tenant, people, producers and policies, as of when its history begins. What is there already
 * stays as it is, so an interrupted set-up goes on where it stopped.
 */
export async function setUpSite(scenario: Scenario, startMs: number): Promise<DemoSite> {
  const beginMs = Math.min(startMs - 91 * DAY_MS, scenario.since ?? startMs);
  const tenant = DEMO_TENANTS.find((item) => item.id === scenario.tenant);
  if (!tenant) throw new Error(`The scenario's tenant ${scenario.tenant} is not in the cast.`);
  if (!(await exists('SELECT 1 FROM tenants WHERE id = $1', tenant.id))) {
    await createTenant({ ...tenant, demo: true }, { nowMs: beginMs });
  }
  if (!(await exists('SELECT 1 FROM memberships WHERE tenant = $1 LIMIT 1', tenant.id)))
    await setUpPeople(scenario, beginMs);

  const keys = openDemoKeys(
    getConfig().dataDirectory,
    scenario.producers.map(({ id }) => id),
  );
  const producers = new Map<string, DemoProducer>();
  for (const producer of scenario.producers) {
    const key = keys.get(producer.id) as DemoKey;
    if (!(await exists('SELECT 1 FROM producers WHERE id = $1', producer.id))) {
      await registerProducer(
        { tenant: tenant.id, ...producer, publicKey: key.publicKey, by: 'setup' },
        { nowMs: beginMs },
      );
    }
    const { rows } = await getPool().query<{ last_seq: number }>(
      'SELECT last_seq FROM streams WHERE stream = $1',
      [producer.id],
    );
    producers.set(producer.id, new DemoProducer(producer.id, key, rows[0]?.last_seq ?? 0));
  }
  const first = scenario.policies[0];
  if (first && !(await exists('SELECT 1 FROM policies WHERE tenant = $1 LIMIT 1', tenant.id))) {
    await publishPolicy(
      { tenant: tenant.id, text: JSON.stringify(first.document, null, 2), publishedBy: 'setup' },
      { nowMs: startMs - first.daysAgo * DAY_MS },
    );
  }
  await nameSubjects(scenario, keys, beginMs);
  await setUpAlerts(tenant.id, beginMs);
  return { scenario, producers, keys, people: await findPeople(tenant.id) };
}
