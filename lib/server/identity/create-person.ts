import type { Authority } from '@/lib/identity/authority';
import { formatAuthority } from '@/lib/identity/format-authority';
import { mayUsePassword } from '@/lib/identity/password-rule';
import { mayCombine } from '@/lib/identity/permissions';
import type { Role } from '@/lib/identity/role';
import { nowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { recheckRaises } from '../escalations/recheck-raises';
import { newId } from '../random';
import { journal } from '../records/journal';
import { hashPassword } from './password-hash';

export interface NewPerson {
  tenant: string;
  /** Compared in lower case; an address that is already known gets a membership of this tenant too. */
  email: string;
  name: string;
  roles: Role[];
  authority?: Authority | null;
  /** Only for accounts that `mayUsePassword`; ignored for somebody already known. */
  password?: string;
}

/** Who asked for a change of people or authority: a person's id, or the console's own commands. */
export type Actor = string | 'cli';

/**
 * Adds a person to a tenant, with roles and authority, and journals it as `authority.changed` (ids only, no name and no
 * address). The caller has authorised it.
 * @throws ServiceError `roles_conflict` (also with what they are elsewhere), `person_exists` when they are a member of
 * this tenant already
 */
export async function createPerson(
  input: NewPerson,
  options: { by?: Actor; nowMs?: number } = {},
): Promise<{ id: string }> {
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  return inTransaction((tx) => insertPerson(tx, input, passwordHash, options));
}

/** The same inside a transaction of the caller's, with the password already hashed. */
export async function insertPerson(
  tx: Tx,
  input: NewPerson,
  passwordHash: string | null,
  { by = 'cli', nowMs: atMs = nowMs() }: { by?: Actor; nowMs?: number } = {},
): Promise<{ id: string }> {
  const at = new Date(atMs);
  requireRoles(input.roles);
  const inserted = await tx.query<{ id: string }>(
    `INSERT INTO people (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (email) DO UPDATE SET disabled_at = NULL RETURNING id`,
    [newId('per', atMs), input.email.trim().toLowerCase(), input.name.trim(), passwordHash, at],
  );
  const id = inserted.rows[0]?.id as string;
  const known = await tx.query('SELECT 1 FROM memberships WHERE tenant = $1 AND person = $2', [
    input.tenant,
    id,
  ]);
  if (known.rowCount) throw new ServiceError('person_exists');
  await requirePasswordKept(tx, { ...input, person: id });
  await writeAuthority(
    tx,
    {
      tenant: input.tenant,
      person: id,
      roles: input.roles,
      authority: input.authority ?? null,
    },
    { by, nowMs: atMs },
  );
  return { id };
}

/**
 * Joining another organisation must not shut somebody out of their own: an account that may sign in by password (see
 * `mayUsePassword`) takes no membership with which it no longer could.
 * @throws ServiceError `roles_conflict`
 */
async function requirePasswordKept(tx: Tx, input: NewPerson & { person: string }): Promise<void> {
  const { rows } = await tx.query<{ demo: boolean; role: Role }>(
    `SELECT t.demo, m.role FROM memberships m JOIN tenants t ON t.id = m.tenant JOIN people p ON p.id = m.person
      WHERE m.person = $1 AND p.password_hash IS NOT NULL`,
    [input.person],
  );
  const held = rows.map(({ demo, role }) => ({ tenantDemo: demo, role }));
  const tenant = await tx.query<{ demo: boolean }>('SELECT demo FROM tenants WHERE id = $1', [input.tenant]);
  const tenantDemo = tenant.rows[0]?.demo ?? false;
  const joined = [...held, ...input.roles.map((role) => ({ tenantDemo, role }))];
  if (mayUsePassword(held, true) && !mayUsePassword(joined, true))
    throw new ServiceError(
      'roles_conflict',
      'This account signs in by password as an administrator elsewhere; use another address.',
    );
}

/**
 * Changes a member's roles and authority in one tenant. The caller has authorised it.
 * @throws ServiceError `not_found` when the person is no member of the tenant, `roles_conflict`, `last_administrator`
 */
export async function setAuthority(
  input: { tenant: string; person: string; roles: Role[]; authority: Authority | null },
  { by, nowMs: atMs = nowMs() }: { by: Actor; nowMs?: number },
): Promise<void> {
  requireRoles(input.roles);
  await inTransaction(async (tx) => {
    await lockMember(tx, input);
    if (!input.roles.includes('admin')) await requireOtherAdministrator(tx, input);
    await writeAuthority(tx, input, { by, nowMs: atMs });
  });
}

function requireRoles(roles: readonly Role[]): void {
  if (!mayCombine(roles)) throw new ServiceError('roles_conflict');
}

/** Locks a member of the tenant against other changes. @throws ServiceError `not_found` */
export async function lockMember(tx: Tx, input: { tenant: string; person: string }): Promise<void> {
  await tx.query('SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE', [input.tenant]);
  const member = await tx.query('SELECT 1 FROM memberships WHERE tenant = $1 AND person = $2', [
    input.tenant,
    input.person,
  ]);
  if (!member.rowCount) throw new ServiceError('not_found', 'No such person in this organisation.');
}

/** Somebody else administers the tenant, or this person does not. @throws ServiceError `last_administrator` */
export async function requireOtherAdministrator(
  tx: Tx,
  input: { tenant: string; person: string },
): Promise<void> {
  const { rows } = await tx.query<{ only: boolean }>(
    `SELECT count(*) = 1 AND bool_or(person = $2) AS only FROM memberships WHERE tenant = $1 AND role = 'admin'`,
    [input.tenant, input.person],
  );
  if (rows[0]?.only) throw new ServiceError('last_administrator');
}

/** Makes these the person's roles and authority in the tenant, whatever they were, and journals it. */
export async function writeAuthority(
  tx: Tx,
  input: { tenant: string; person: string; roles: Role[]; authority: Authority | null },
  { by, nowMs: atMs }: { by: Actor; nowMs: number },
): Promise<void> {
  const { tenant, person, roles, authority } = input;
  const at = new Date(atMs);
  await tx.query('DELETE FROM memberships WHERE tenant = $1 AND person = $2 AND role <> ALL($3::text[])', [
    tenant,
    person,
    roles,
  ]);
  await tx.query(
    `INSERT INTO memberships (tenant, person, role, created_at)
     SELECT $1, $2, unnest($3::text[]), $4 ON CONFLICT DO NOTHING`,
    [tenant, person, roles, at],
  );
  await tx.query('DELETE FROM authorities WHERE tenant = $1 AND person = $2', [tenant, person]);
  if (authority) {
    await tx.query(
      `INSERT INTO authorities (tenant, person, max_tier, limits, tools, counterparties, hours, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        tenant,
        person,
        authority.maxTier,
        JSON.stringify(authority.limits),
        authority.tools,
        authority.counterparties,
        authority.hours && JSON.stringify(authority.hours),
        at,
      ],
    );
  }
  await recheckRaises(tx, tenant);
  await journal(tx, {
    tenant,
    kind: 'authority.changed',
    id: newId('rec', atMs),
    occurredAtMs: atMs,
    body: {
      person,
      roles,
      authority: authority && formatAuthority(authority),
      by,
    },
  });
}
