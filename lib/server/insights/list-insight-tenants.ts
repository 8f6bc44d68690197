import { PAGE_ROLES } from '@/lib/identity/permissions';
import { getPool } from '../database/pool';

/** The organisations whose insights a person may see by the roles they hold there, `first` before the others. */
export async function listInsightTenants(
  person: string,
  first: string,
): Promise<{ id: string; name: string }[]> {
  const found = await getPool().query<{ id: string; name: string }>(
    `SELECT DISTINCT t.id, t.name FROM memberships m JOIN tenants t ON t.id = m.tenant
      WHERE m.person = $1 AND m.role = ANY($2) ORDER BY t.name, t.id`,
    [person, PAGE_ROLES.insights],
  );
  return [...found.rows].sort((a, b) => Number(b.id === first) - Number(a.id === first));
}
