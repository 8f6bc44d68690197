import type { PersonLink } from '@/lib/identity/person-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { recheckRaises } from '../escalations/recheck-raises';
import { newId } from '../random';
import { journal } from '../records/journal';
import { lockMember } from './create-person';
import { findHumans } from './find-humans';

/**
 * Says that a subject token, an agent, a producer or another account is this person's, so that they neither decide what
 * it asked for nor count twice. It counts at once, for what waits as well. The caller has authorised `linkedBy` as a compliance officer or an administrator of the tenant.
 * @throws ServiceError `not_found` when the person is no member, `link_refused` when the link names nothing of the tenant,
 * the person themselves, or somebody who is one with them already
 */
export async function linkPerson(
  input: { tenant: string; person: string; linkedBy: string } & PersonLink,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, person, kind, value } = input;
  await inTransaction(async (tx) => {
    await lockMember(tx, input);
    await requireLinkable(tx, input);
    const added = await tx.query(
      `INSERT INTO person_links (tenant, person, kind, value, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant, kind, value, person) DO UPDATE SET
         created_at = excluded.created_at, ended_at = NULL, ended_by = NULL, ending = NULL, ending_ref = NULL
       WHERE person_links.ended_at IS NOT NULL`,
      [tenant, person, kind, value, new Date(nowMs)],
    );
    if (added.rowCount === 0) return;
    await recheckRaises(tx, tenant);
    await journal(tx, {
      tenant,
      kind: 'authority.changed',
      id: newId('rec', nowMs),
      body: { person, change: 'linked', link: { kind, value }, changed_by: input.linkedBy },
      occurredAtMs: nowMs,
    });
  });
}

async function requireLinkable(
  tx: Tx,
  { tenant, person, kind, value }: { tenant: string; person: string } & PersonLink,
): Promise<void> {
  if (kind === 'person') {
    if (value === person) throw new ServiceError('link_refused', 'An account is one with itself already.');
    const member = await tx.query('SELECT 1 FROM memberships WHERE tenant = $1 AND person = $2', [
      tenant,
      value,
    ]);
    if (!member.rowCount)
      throw new ServiceError('link_refused', 'No such other account in this organisation.');
    const { humanOf } = await findHumans(tx, tenant);
    const direct = await tx.query(
      `SELECT 1 FROM person_links
        WHERE tenant = $1 AND kind = 'person' AND person = $2 AND value = $3 AND ended_at IS NULL`,
      [tenant, person, value],
    );
    if (humanOf(person) === humanOf(value) && !direct.rowCount)
      throw new ServiceError('link_refused', 'These accounts are one person already.');
  }
  if (kind === 'producer') {
    const known = await tx.query('SELECT 1 FROM producers WHERE tenant = $1 AND id = $2', [tenant, value]);
    if (!known.rowCount) throw new ServiceError('link_refused', 'No such producer in this organisation.');
  }
}
