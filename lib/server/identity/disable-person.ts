import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { type Actor, lockMember, requireOtherAdministrator, writeAuthority } from './create-person';

/**
 * Takes a person out of a tenant: no roles, no authority, and, where it was their last tenant, no account. Journalled
 * as an `authority.changed` that leaves nothing. The caller has authorised it.
 * @throws ServiceError `not_found` when the person is no member of the tenant, `last_administrator`
 */
export async function disablePerson(
  input: { tenant: string; person: string },
  { by, nowMs: atMs = nowMs() }: { by: Actor; nowMs?: number },
): Promise<void> {
  await inTransaction(async (tx) => {
    await lockMember(tx, input);
    await requireOtherAdministrator(tx, input);
    await writeAuthority(tx, { ...input, roles: [], authority: null }, { by, nowMs: atMs });
    await tx.query(
      `UPDATE people SET disabled_at = $2
        WHERE id = $1 AND NOT EXISTS (SELECT FROM memberships WHERE person = $1)`,
      [input.person, new Date(atMs)],
    );
  });
}
