import type { PersonView } from '@/lib/identity/person-requests';
import { ROLES } from '@/lib/identity/role';
import { getPool } from '../database/pool';
import { AUTHORITY_JSON, readAuthority } from './authority-column';

interface Row {
  id: string;
  name: string;
  email: string;
  roles: string[];
  authority: unknown;
  since: Date;
}

/** The members of a tenant with their roles and authority, by name. */
export async function listPeople(tenant: string): Promise<PersonView[]> {
  const { rows } = await getPool().query<Row>(
    `SELECT p.id, p.name, p.email, array_agg(m.role) AS roles, min(m.created_at) AS since,
            ${AUTHORITY_JSON} AS authority
       FROM memberships m
       JOIN people p ON p.id = m.person
       LEFT JOIN authorities a ON a.tenant = m.tenant AND a.person = m.person
      WHERE m.tenant = $1 AND p.disabled_at IS NULL
      GROUP BY p.id, a.tenant, a.person
      ORDER BY p.name, p.id`,
    [tenant],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    roles: ROLES.filter((role) => row.roles.includes(role)),
    authority: readAuthority(row.authority),
    since: row.since.toISOString(),
  }));
}
