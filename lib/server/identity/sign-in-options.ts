import { DEMO_PASSWORD } from '@/lib/identity/demo-password';
import { ROLE_NAMES, ROLES, type Role } from '@/lib/identity/role';
import { getConfig } from '../config';
import { getPool } from '../database/pool';

export interface SignInOptions {
  /** The demo's people; empty outside the demo. */
  demoAccounts: { email: string; name: string; role: string; tenant: string }[];
  /** The password of every account in `demoAccounts`; null outside the demo. */
  demoPassword: string | null;
  /** Whether anybody may sign in by password: the demo's people, or an administrator of a console without OIDC. */
  password: boolean;
  /** What the organisation's sign-in is called; null when none is configured. */
  oidcName: string | null;
}

/** The ways to sign in to this console, as the sign-in page offers them. */
export async function signInOptions(): Promise<SignInOptions> {
  const config = getConfig();
  const oidcName = config.oidc?.name ?? null;
  if (!config.demo) {
    const { rows } = await getPool().query<{ some: boolean }>(
      'SELECT EXISTS (SELECT FROM people WHERE password_hash IS NOT NULL AND disabled_at IS NULL) AS some',
    );
    return { demoAccounts: [], demoPassword: null, password: rows[0]?.some ?? false, oidcName };
  }
  const { rows } = await getPool().query<{ email: string; name: string; roles: Role[]; tenants: string[] }>(
    `SELECT p.email, p.name, array_agg(DISTINCT m.role) AS roles, array_agg(DISTINCT t.name) AS tenants
       FROM people p JOIN memberships m ON m.person = p.id JOIN tenants t ON t.id = m.tenant
      WHERE p.password_hash IS NOT NULL AND p.disabled_at IS NULL
      GROUP BY p.id HAVING bool_and(t.demo)
      ORDER BY min(array_position($1::text[], m.role)), min(t.name), p.email`,
    [[...ROLES]],
  );
  const demoAccounts = rows.map((row) => ({
    email: row.email,
    name: row.name,
    role: ROLES.filter((role) => row.roles.includes(role))
      .map((role) => ROLE_NAMES[role])
      .join(', '),
    tenant: row.tenants.join(', '),
  }));
  return { demoAccounts, demoPassword: DEMO_PASSWORD, password: true, oidcName };
}
