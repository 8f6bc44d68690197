import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeyOf } from '@/lib/core/ed25519';
import type { Authority } from '@/lib/identity/authority';
import { DEMO_PASSWORD } from '@/lib/identity/demo-password';
import { ROLE_NAMES, ROLES, type Role } from '@/lib/identity/role';
import type { ProducerKind } from '@/lib/producers/producer';
import { createFirstLink } from '@/lib/server/identity/create-first-link';
import { createPerson } from '@/lib/server/identity/create-person';
import { createTenant } from '@/lib/server/identity/create-tenant';
import { linkPerson } from '@/lib/server/identity/link-person';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { registerProducer } from '@/lib/server/producers/register-producer';
import { newSubjectToken } from '@/lib/server/random';
import type { ConsoleState, StoryTenant } from './console-state';

/**
 * The perimeter of the stories: small payments pass, sums above €500 need one reviewer, above €250,000 a senior one,
 * closing an account two.
 */
const STORY_POLICY = readFileSync(join(import.meta.dirname, 'story-policy.json'), 'utf8');

const TENANTS = [
  { id: 'north', name: 'North Bank' },
  { id: 'south', name: 'South Clinic' },
] as const satisfies readonly { id: StoryTenant; name: string }[];
const QUIET_TENANTS = [
  { id: 'east', name: 'East Insurance' },
  { id: 'harbour', name: 'New Harbour' },
] as const satisfies readonly { id: StoryTenant; name: string }[];

const EVERYTHING = { tools: [], counterparties: [], hours: null };
const AUTHORITY: Partial<Record<Role, Authority>> = {
  reviewer: { maxTier: 'unbounded', limits: [{ amount: '100000', currency: 'EUR' }], ...EVERYTHING },
  senior_reviewer: { maxTier: 'unbounded', limits: [{ amount: '1000000', currency: 'EUR' }], ...EVERYTHING },
};

type Person = ConsoleState['people'][number];
type Machine = ConsoleState['gateways'][number];

async function addPerson(tenant: string, role: Role, local: string): Promise<Person> {
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
  return { id, email, name, tenant, role, ownToken: null };
}

/** A reviewer who is a customer as well, which an administrator has told the console. */
async function addCustomerReviewer(tenant: string, admin: string | undefined): Promise<Person> {
  const person = await addPerson(tenant, 'reviewer', 'reviewer2');
  const ownToken = newSubjectToken();
  await linkPerson({ tenant, person: person.id, kind: 'subject', value: ownToken, linkedBy: admin ?? 'cli' });
  return { ...person, ownToken };
}

async function addPersonInBoth(): Promise<Person> {
  const [first, second] = TENANTS;
  const person = await addPerson(first.id, 'compliance', 'both');
  await createPerson({ tenant: second.id, email: person.email, name: person.name, roles: ['auditor'] });
  return person;
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

/** An organisation with few people and, but for `harbour`, a gateway and a policy. */
async function addQuietTenant(tenant: (typeof QUIET_TENANTS)[number]): Promise<{
  people: Person[];
  gateways: Machine[];
}> {
  await createTenant({ ...tenant, demo: true });
  const people: Person[] = [];
  for (const role of ['reviewer', 'compliance', 'admin'] as const)
    people.push(await addPerson(tenant.id, role, role));
  if (tenant.id === 'harbour') return { people, gateways: [] };
  await publishPolicy({ tenant: tenant.id, text: STORY_POLICY, publishedBy: 'cli' });
  return { people, gateways: [await addMachine(tenant.id, 'gateway', 'payments')] };
}

/** An organisation that asks for passkeys on what cannot be undone. */
async function addPasskeyTenant(): Promise<{ people: Person[]; gateway: Machine }> {
  const tenant = 'west' satisfies StoryTenant;
  await createTenant({ id: tenant, name: 'Western Trust', demo: true });
  const people: Person[] = [];
  for (const role of ROLES) people.push(await addPerson(tenant, role, role.replace('_', '-')));
  people.push(await addPerson(tenant, 'reviewer', 'reviewer2'));
  const policy = JSON.parse(STORY_POLICY);
  policy.review.passkey = { unbounded: 'approval' };
  await publishPolicy({ tenant, text: JSON.stringify(policy), publishedBy: 'cli' });
  return { people, gateway: await addMachine(tenant, 'gateway', 'payments') };
}

/** An organisation whose people are linked, lend authority and break glass, apart from the others' stories. */
async function addAuthorityTenant(): Promise<{ people: Person[]; gateway: Machine }> {
  const tenant = 'vale' satisfies StoryTenant;
  await createTenant({ id: tenant, name: 'Vale Savings', demo: true });
  const people: Person[] = [];
  for (const role of ['reviewer', 'senior_reviewer', 'compliance', 'admin'] as const)
    people.push(await addPerson(tenant, role, role.replace('_', '-')));
  for (const role of ['reviewer', 'compliance'] as const)
    people.push(await addPerson(tenant, role, `${role}2`));
  const policy = JSON.parse(STORY_POLICY);
  policy.review.breakGlass = {
    enabled: true,
    minutes: 10,
    tiers: ['bounded'],
    relaxes: ['limits', 'senior'],
  };
  await publishPolicy({ tenant, text: JSON.stringify(policy), publishedBy: 'cli' });
  return { people, gateway: await addMachine(tenant, 'gateway', 'payments') };
}

/**
 * Two organisations that must never see each other, each with a person of each role, a second reviewer, gateways and a
 * policy; two quiet ones; one that asks for passkeys; and one for stories of authority itself.
 */
export async function seedStories(): Promise<
  Omit<ConsoleState, 'origin' | 'ownerUrl' | 'appUrl' | 'dataDirectory'>
> {
  const people: Person[] = [];
  const gateways: Machine[] = [];
  const agents: Machine[] = [];
  for (const tenant of TENANTS) {
    await createTenant({ ...tenant, demo: true });
    for (const role of ROLES) people.push(await addPerson(tenant.id, role, role.replace('_', '-')));
    const admin = people.find((person) => person.tenant === tenant.id && person.role === 'admin');
    people.push(await addCustomerReviewer(tenant.id, admin?.id));
    gateways.push(await addMachine(tenant.id, 'gateway', 'payments'));
    gateways.push(await addMachine(tenant.id, 'gateway', 'other'));
    agents.push(await addMachine(tenant.id, 'agent', 'payments-agent'));
    await publishPolicy({
      tenant: tenant.id,
      text: STORY_POLICY,
      publishedBy: 'cli',
    });
  }
  const west = await addPasskeyTenant();
  people.push(...west.people);
  gateways.push(west.gateway);
  const vale = await addAuthorityTenant();
  people.push(...vale.people);
  gateways.push(vale.gateway);
  const joinSecret = (await createFirstLink()) ?? '';
  for (const tenant of QUIET_TENANTS) {
    const quiet = await addQuietTenant(tenant);
    people.push(...quiet.people);
    gateways.push(...quiet.gateways);
  }
  return { password: DEMO_PASSWORD, joinSecret, people, inBoth: await addPersonInBoth(), gateways, agents };
}
