import type { Authority } from '@/lib/identity/authority';
import { authoritySchema } from '@/lib/identity/person-requests';
import type { Role } from '@/lib/identity/role';
import type { Tx } from '../database/transaction';

/** A delegation in force. */
export interface LentRow {
  id: string;
  delegator: string;
  delegate: string;
  roles: Role[];
  authority: Authority;
}

/** Delegations in force at `nowMs`, to one of these accounts or to anybody, oldest first: they begin and end by themselves. */
export async function findLent(
  tx: Tx,
  tenant: string,
  delegates: readonly string[] | 'anybody',
  nowMs: number,
): Promise<LentRow[]> {
  const found = await tx.query<Omit<LentRow, 'authority'> & { authority: unknown }>(
    `SELECT id, delegator, delegate, roles, authority FROM delegations
      WHERE tenant = $1 AND from_at <= $2 AND until_at > $2 AND revoked_at IS NULL
        AND ($3::text[] IS NULL OR delegate = ANY($3)) ORDER BY created_at, id`,
    [tenant, new Date(nowMs), delegates === 'anybody' ? null : delegates],
  );
  return found.rows.map((row) => ({ ...row, authority: authoritySchema.parse(row.authority) }));
}
