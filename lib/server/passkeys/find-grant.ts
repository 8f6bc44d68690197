import type { PasskeyGrant } from '@/lib/identity/passkey-requests';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { digestOfSecret } from '../identity/create-first-link';

export interface GrantState {
  grant: PasskeyGrant;
  /** Who issued the one-time link, when one was given. */
  administrator: string | null;
}

/**
 * On what a person's next registration rests. A session alone registers the very first passkey and no other: whoever has
 * one confirms with it, and whoever lost all needs an administrator's link.
 * @throws ServiceError `link_invalid`
 */
export async function findGrant(
  tx: Tx,
  owner: { tenant: string; person: string },
  link: string | undefined,
  { nowMs }: { nowMs: number },
): Promise<GrantState> {
  const { rows } = await tx.query<{ active: boolean; known: boolean }>(
    `SELECT coalesce(bool_or(retired_at IS NULL), false) AS active, count(*) > 0 AS known
       FROM passkeys WHERE tenant = $1 AND person = $2`,
    [owner.tenant, owner.person],
  );
  const state = rows[0];
  if (link !== undefined) {
    const found = await tx.query<{ issued_by: string }>(
      `SELECT issued_by FROM passkey_links
        WHERE secret_digest = $1 AND tenant = $2 AND person = $3 AND used_at IS NULL AND expires_at > $4 FOR UPDATE`,
      [digestOfSecret(Buffer.from(link, 'base64url')), owner.tenant, owner.person, new Date(nowMs)],
    );
    if (!found.rows[0])
      throw new ServiceError('link_invalid', 'This link is not yours, was used, or is past its time.');
    return { grant: 'administrator', administrator: found.rows[0].issued_by };
  }
  if (state?.active) return { grant: 'passkey', administrator: null };
  return { grant: state?.known ? 'link' : 'first', administrator: null };
}

/** Spends a link that `findGrant` has locked. */
export async function spendLink(tx: Tx, link: string, { nowMs }: { nowMs: number }): Promise<void> {
  await tx.query('UPDATE passkey_links SET used_at = $2 WHERE secret_digest = $1', [
    digestOfSecret(Buffer.from(link, 'base64url')),
    new Date(nowMs),
  ]);
}
