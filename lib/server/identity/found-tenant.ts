import { checkNewPassword } from '@/lib/identity/password-rule';
import type { FoundTenantRequest } from '@/lib/identity/person-requests';
import { nowMs } from '../clock';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { digestOfSecret } from './create-first-link';
import { insertPerson } from './create-person';
import { insertTenant } from './create-tenant';
import { hashPassword } from './password-hash';

/** A tenant's id from its name: `St Brigid Hospital` → `st-brigid-hospital`; `organisation` when no letter is left. */
export function idOfName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
    .replace(/-+$/, '');
  return plain || 'organisation';
}

const USABLE =
  "secret_digest = $1 AND tenant IS NULL AND role = 'admin' AND used_at IS NULL AND expires_at > $2";

function invalidLink(): ServiceError {
  return new ServiceError(
    'link_invalid',
    'This link was used before or has expired. Start the console again for a new one.',
  );
}

/**
 * Founds the first organisation with its administrator. The secret is spent in the same transaction, so that of two
 * requests with it one succeeds. A password is set only where no OIDC is configured; this administrator can approve
 * nothing, and everybody invited later signs in through OIDC.
 * @throws ServiceError `link_invalid` for an unknown, spent or expired secret alike, `password_unfit`
 */
export async function foundTenant(
  request: FoundTenantRequest,
  { nowMs: atMs = nowMs() } = {},
): Promise<{ tenant: string; person: string }> {
  const byPassword = getConfig().oidc === null;
  if (byPassword && !checkNewPassword(request.password ?? '').ok) throw new ServiceError('password_unfit');
  const link = [digestOfSecret(Buffer.from(request.secret, 'base64url')), new Date(atMs)];
  // Asked before the costly hash, which strangers must not make us compute; spent below, where one of two wins.
  const offered = await getPool().query(`SELECT 1 FROM one_time_links WHERE ${USABLE}`, link);
  if (offered.rowCount !== 1) throw invalidLink();
  const passwordHash = byPassword ? await hashPassword(request.password ?? '') : null;
  return inTransaction(async (tx) => {
    const spent = await tx.query(`UPDATE one_time_links SET used_at = $2 WHERE ${USABLE}`, link);
    if (spent.rowCount !== 1) throw invalidLink();
    const tenant = idOfName(request.organisation);
    await insertTenant(tx, { id: tenant, name: request.organisation }, { nowMs: atMs });
    const { id } = await insertPerson(
      tx,
      { tenant, email: request.email, name: request.name, roles: ['admin'] },
      passwordHash,
      { nowMs: atMs },
    );
    return { tenant, person: id };
  });
}
