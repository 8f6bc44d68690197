import { ROLES, type Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { getPool } from '../database/pool';

interface Row {
  id: string;
  name: string;
  email: string;
  tenant: string;
  tenant_name: string;
  tenant_demo: boolean;
  roles: string[];
}

/**
 * The person as a viewer of `wantedTenant`, or of their first tenant when that one is not theirs. Null when the person
 * is unknown, disabled or a member of nothing: a withdrawn role or account ends at the next request.
 */
export async function findViewer(personId: string, wantedTenant: string | undefined): Promise<Viewer | null> {
  const { rows } = await getPool().query<Row>({
    name: 'find-viewer',
    text: `SELECT p.id, p.name, p.email, t.id AS tenant, t.name AS tenant_name, t.demo AS tenant_demo,
                  array_agg(m.role ORDER BY m.role) AS roles
             FROM people p
             JOIN memberships m ON m.person = p.id
             JOIN tenants t ON t.id = m.tenant
            WHERE p.id = $1 AND p.disabled_at IS NULL
            GROUP BY p.id, t.id
            ORDER BY t.name, t.id`,
    values: [personId],
  });
  const row = rows.find((candidate) => candidate.tenant === wantedTenant) ?? rows[0];
  if (!row) return null;
  return {
    person: { id: row.id, name: row.name, email: row.email },
    tenant: { id: row.tenant, name: row.tenant_name, demo: row.tenant_demo },
    tenants: rows.map((each) => ({ id: each.tenant, name: each.tenant_name })),
    roles: row.roles.filter((role): role is Role => (ROLES as readonly string[]).includes(role)),
    demo: row.tenant_demo,
  };
}
