import type { PasskeyEnding, PasskeyGrant, PasskeyView } from '@/lib/identity/passkey-requests';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { findGrant } from './find-grant';

interface Row {
  id: string;
  person: string;
  name: string;
  credential_id: string;
  backed_up: boolean;
  created_at: Date;
  last_used_at: Date | null;
  retired_at: Date | null;
  ending: PasskeyEnding | null;
}

const COLUMNS = 'id, person, name, credential_id, backed_up, created_at, last_used_at, retired_at, ending';

function toView(row: Row): PasskeyView {
  return {
    id: row.id,
    name: row.name,
    credentialId: row.credential_id,
    backedUp: row.backed_up,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    retiredAt: row.retired_at?.toISOString() ?? null,
    ending: row.ending,
  };
}

/** A person's passkeys in one organisation, those in use first, and on what the next one's registration would rest. */
export async function listOwnPasskeys(
  owner: { tenant: string; person: string },
  { nowMs = clockNowMs() } = {},
): Promise<{ passkeys: PasskeyView[]; grant: PasskeyGrant }> {
  const { rows } = await getPool().query<Row>(
    `SELECT ${COLUMNS} FROM passkeys WHERE tenant = $1 AND person = $2
      ORDER BY retired_at DESC NULLS FIRST, created_at DESC, id LIMIT 100`,
    [owner.tenant, owner.person],
  );
  const { grant } = await findGrant(getPool(), owner, undefined, { nowMs });
  return { passkeys: rows.map(toView), grant };
}

/** The passkeys in use of everybody in one organisation, by person. */
export async function listTenantPasskeys(tenant: string): Promise<Map<string, PasskeyView[]>> {
  const { rows } = await getPool().query<Row>(
    `SELECT ${COLUMNS} FROM passkeys WHERE tenant = $1 AND retired_at IS NULL ORDER BY created_at DESC, id`,
    [tenant],
  );
  const people = new Map<string, PasskeyView[]>();
  for (const row of rows) people.set(row.person, [...(people.get(row.person) ?? []), toView(row)]);
  return people;
}
