import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { digestOfSecret } from '../identity/create-first-link';
import { lockMember } from '../identity/create-person';
import { newId, newRandomBytes } from '../random';
import { journal } from '../records/journal';

/** How long the person has to use it. */
const LINK_MS = 60 * 60_000;

/**
 * A one-time secret (32 random bytes, base64url) with which somebody who lost every passkey registers a new one; an
 * earlier one stops working. Only its digest is stored, and that it was issued is a record. The caller has authorised
 * `by` as an administrator of the organisation.
 * @throws ServiceError `not_found` when the person is no member, `self_approval` for one's own
 */
export async function issuePasskeyLink(
  input: { tenant: string; person: string; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<{ secret: string; expiresAtMs: number }> {
  const { tenant, person, by } = input;
  if (person === by) throw new ServiceError('self_approval', 'Another administrator has to issue yours.');
  const secret = newRandomBytes(32);
  const expiresAtMs = nowMs + LINK_MS;
  await inTransaction(async (tx) => {
    await lockMember(tx, { tenant, person });
    await tx.query('DELETE FROM passkey_links WHERE tenant = $1 AND person = $2 AND used_at IS NULL', [
      tenant,
      person,
    ]);
    await tx.query(
      `INSERT INTO passkey_links (secret_digest, tenant, person, issued_by, expires_at) VALUES ($1, $2, $3, $4, $5)`,
      [digestOfSecret(secret), tenant, person, by, new Date(expiresAtMs)],
    );
    await journal(tx, {
      tenant,
      kind: 'authority.changed',
      id: newId('rec', nowMs),
      body: { person, change: 'passkey_link_issued', changed_by: by },
      occurredAtMs: nowMs,
    });
  });
  return { secret: Buffer.from(secret).toString('base64url'), expiresAtMs };
}
