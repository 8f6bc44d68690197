import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { getPool } from '../database/pool';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { newId } from '../random';
import { createTestProducer } from './test-producer';

/** Somebody who holds these roles in a tenant, as routes hand them to verbs. */
export function testViewer(tenant: string, roles: Role[]): Viewer {
  const id = newId('per');
  return {
    person: { id, name: `Somebody ${id.slice(-4)}`, email: `${id}@example.org` },
    tenant: { id: tenant, name: tenant, demo: false },
    tenants: [{ id: tenant, name: tenant }],
    roles,
    demo: false,
  };
}

/** A producer as an authenticated caller. */
export async function testCaller(tenant: string): Promise<ProducerCaller> {
  const { id, keyid, seed } = await createTestProducer(tenant, { kind: 'pipeline' });
  return { producerId: id, tenant, kind: 'pipeline', keyid, publicKey: seed };
}

/** The payloads of a tenant's records of these kinds, in order, as signed. */
export async function listJournal(
  tenant: string,
  kinds: readonly string[],
): Promise<{ kind: string; body: Record<string, unknown>; text: string }[]> {
  const { rows } = await getPool().query<{ envelope: Buffer }>(
    'SELECT envelope FROM records WHERE tenant = $1 AND kind = ANY($2) ORDER BY stream, position',
    [tenant, kinds],
  );
  return rows.map(({ envelope }) => {
    const parsed = parseEnvelope(new Uint8Array(envelope));
    if (!parsed.ok) throw new Error(parsed.code);
    const text = new TextDecoder().decode(parsed.value.payload);
    const { kind, body } = JSON.parse(text) as { kind: string; body: Record<string, unknown> };
    return { kind, body, text };
  });
}
