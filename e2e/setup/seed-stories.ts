import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeyOf } from '@/lib/core/ed25519';
import type { Authority } from '@/lib/identity/authority';
import { DEMO_PASSWORD } from '@/lib/identity/demo-password';
import { ROLE_NAMES, ROLES, type Role } from '@/lib/identity/role';
import type { ProducerKind } from '@/lib/producers/producer';
import { createPerson } from '@/lib/server/identity/create-person';
import { createTenant } from '@/lib/server/identity/create-tenant';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { registerProducer } from '@/lib/server/producers/register-producer';
import type { ConsoleState } from './console-state';

/** The perimeter of the stories: small payments pass, sums above €500 need one reviewer, closing an account two. */
const STORY_POLICY = readFileSync(join(import.meta.dirname, 'story-policy.json'), 'utf8');

const TENANTS = [
  { id: 'north', name: 'North Bank' },
  { id: 'south', name: 'South Clinic' },
] as const;

const AUTHORITY: Partial<Record<Role, Authority>> = {
  reviewer: { maxTier: 'unbounded', maxAmount: '100000', currency: 'EUR', tools: [] },
  senior_reviewer: { maxTier: 'unbounded', maxAmount: '1000000', currency: 'EUR', tools: [] },
};

type People = ConsoleState['people'];
type Machine = ConsoleState['gateways'][number];

async function addPerson(tenant: string, role: Role, local: string): Promise<People[number]> {
  const email = `${local}@${tenant}.example`;
  const name = `${ROLE_NAMES[role]} of ${tenant}${local.endsWith('2') ? ' (second)' : ''}`;
  const { id } = await createPerson({
    tenant,
    email,
    name,
    roles: [role],
    authority: AUTHORITY[role] ?? null,
    password: DEMO_PASSWORD,
  });
  return { id, email, name, tenant, role };
}

async function addMachine(tenant: string, kind: ProducerKind, name: string): Promise<Machine> {
  const seed = new Uint8Array(randomBytes(32));
  const id = `spiffe://${tenant}.example/${kind}/${name}`;
  const { keyid } = await registerProducer({
    tenant,
    id,
    name,
    kind,
    publicKey: publicKeyOf(seed),
    by: 'cli',
  });
  return { tenant, id, keyid, seed: Buffer.from(seed).toString('hex') };
}

/** Two organisations that must never see each other: a person of each role, a second reviewer, gateways, a policy. */
export async function seedStories(): Promise<
  Pick<ConsoleState, 'password' | 'people' | 'gateways' | 'agents'>
> {
  const people: People = [];
  const gateways: Machine[] = [];
  const agents: Machine[] = [];
  for (const tenant of TENANTS) {
    await createTenant({ ...tenant, demo: true });
    for (const role of ROLES) people.push(await addPerson(tenant.id, role, role.replace('_', '-')));
    people.push(await addPerson(tenant.id, 'reviewer', 'reviewer2'));
    gateways.push(await addMachine(tenant.id, 'gateway', 'payments'));
    gateways.push(await addMachine(tenant.id, 'gateway', 'other'));
    agents.push(await addMachine(tenant.id, 'agent', 'payments-agent'));
    await publishPolicy({
      tenant: tenant.id,
      text: STORY_POLICY,
      publishedBy: 'cli',
    });
  }
  return { password: DEMO_PASSWORD, people, gateways, agents };
}
