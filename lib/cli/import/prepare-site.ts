import { randomBytes } from 'node:crypto';
import { PersonClient } from '@/lib/cli/person-client';
import { publicKeyOf } from '@/lib/core/ed25519';
import type { JsonValue } from '@/lib/core/json';
import { createGateway, type Gateway } from '@/lib/gateway/create-gateway';
import { createPerson } from '@/lib/server/identity/create-person';
import { createTenant } from '@/lib/server/identity/create-tenant';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { registerProducer } from '@/lib/server/producers/register-producer';
import { newRandomBytes } from '@/lib/server/random';
import type { Site } from './site';

/** A tenant of this import's own: its machine, its reviewer, its auditor. */
export interface PreparedSite {
  site: Site;
  tenant: string;
  gateway(agent: string): Promise<Gateway>;
  reviewer: PersonClient;
  auditor: PersonClient;
}

/**
 * Sets a tenant up by the administrator's verbs, in this process; everything after that goes over HTTP. `run` tells
 * imports apart, so that the same data can be replayed again.
 */
export async function prepareSite(
  site: Site,
  options: { origin: string; run: string; jwks: JsonValue },
): Promise<PreparedSite> {
  const { origin, run, jwks } = options;
  const tenant = `${site.tenant}-${run}`;
  const password = randomBytes(24).toString('base64url');
  await createTenant({ id: tenant, name: site.name, demo: true });
  const people = { reviewer: `reviewer@${tenant}.example`, auditor: `auditor@${tenant}.example` };
  await createPerson({
    tenant,
    email: people.reviewer,
    name: 'Scripted reviewer',
    roles: ['reviewer'],
    authority: { maxTier: 'unbounded', limits: [], tools: [], counterparties: [], hours: null },
    password,
  });
  await createPerson({ tenant, email: people.auditor, name: 'Replay auditor', roles: ['auditor'], password });
  await publishPolicy({ tenant, text: JSON.stringify(site.policy, null, 2), publishedBy: 'setup' });
  const gateways = new Map<string, Promise<Gateway>>();
  const open = async (agent: string): Promise<Gateway> => {
    const seed = newRandomBytes(32);
    const id = `spiffe://${site.domain}/${run}/agent/${agent}`;
    await registerProducer({
      tenant,
      id,
      name: agent,
      kind: 'agent',
      publicKey: publicKeyOf(seed),
      by: 'setup',
    });
    return createGateway({ origin, producerId: id, seed, jwks });
  };
  return {
    site,
    tenant,
    gateway: (agent) => {
      const opened = gateways.get(agent) ?? open(agent);
      gateways.set(agent, opened);
      return opened;
    },
    reviewer: await PersonClient.signIn(origin, people.reviewer, password, tenant),
    auditor: await PersonClient.signIn(origin, people.auditor, password, tenant),
  };
}
