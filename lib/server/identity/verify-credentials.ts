import { mayUsePassword } from '@/lib/identity/password-rule';
import type { Role } from '@/lib/identity/role';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { clearFailures, mayAttempt, noteFailure, takeBackFailure } from './attempt-limit';
import { verifyPassword } from './password-hash';

const ACCOUNT_LIMIT = 10;
const ADDRESS_LIMIT = 60;

interface Row {
  id: string;
  password_hash: string | null;
  memberships: { tenantDemo: boolean; role: Role }[];
}

/**
 * The person whose password this is, or null: the same answer, after the same work, for an unknown account, a wrong
 * password, an account that may not use one, and too many attempts (10 per account, 60 per address in 15 minutes).
 */
export async function verifyCredentials(
  email: string,
  password: string,
  address: string,
): Promise<{ id: string } | null> {
  const account = email.trim().toLowerCase().slice(0, 320);
  const accountKey = `account:${account}`;
  const addressKey = `address:${nearestAddress(address)}`;
  const open = mayAttempt(accountKey, ACCOUNT_LIMIT) && mayAttempt(addressKey, ADDRESS_LIMIT);
  // Noted before anything is waited for: guesses that arrive together must not all pass the limit.
  noteFailure(accountKey);
  noteFailure(addressKey);
  const { rows } = await getPool().query<Row>(
    `SELECT p.id, p.password_hash,
            coalesce(json_agg(json_build_object('tenantDemo', t.demo, 'role', m.role)) FILTER (WHERE m.role IS NOT NULL), '[]') AS memberships
       FROM people p
       LEFT JOIN memberships m ON m.person = p.id
       LEFT JOIN tenants t ON t.id = m.tenant
      WHERE p.email = $1 AND p.disabled_at IS NULL
      GROUP BY p.id`,
    [account],
  );
  const row = rows[0];
  const allowed = row !== undefined && mayUsePassword(row.memberships, getConfig().demo);
  const matches = await verifyPassword(password.slice(0, 1024), allowed ? row.password_hash : null);
  if (!open || !matches || !row) return null;
  clearFailures(accountKey);
  takeBackFailure(addressKey);
  return { id: row.id };
}

/**
 * The last address of an `X-Forwarded-For`: the only one that the proxy next to us wrote; those before it are the
 * client's own words, of any number and length.
 */
function nearestAddress(forwardedFor: string): string {
  return (forwardedFor.split(',').at(-1) ?? '').trim().slice(0, 64) || 'unknown';
}
