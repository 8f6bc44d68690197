import { groupAccounts } from '@/lib/identity/group-accounts';
import type { Tx } from '../database/transaction';

export interface Humans {
  /** One id for the human behind an account. */
  humanOf: (account: string) => string;
  /** Every account of that human, the one asked about among them. */
  accountsOf: (account: string) => string[];
}

/**
 * Which accounts of a tenant are one human; see `groupAccounts`. A link that ended counts for what came before its end:
 * with `sinceMs`, every link that stood at that moment or later.
 */
export async function findHumans(tx: Tx, tenant: string, sinceMs?: number): Promise<Humans> {
  const links = await tx.query<{ person: string; other: string }>(
    `SELECT person, value AS other FROM person_links
      WHERE tenant = $1 AND kind = 'person' AND (ended_at IS NULL OR ended_at > $2)`,
    [tenant, sinceMs === undefined ? null : new Date(sinceMs)],
  );
  const humanOf = groupAccounts(links.rows);
  const accounts = [...new Set(links.rows.flatMap(({ person, other }) => [person, other]))];
  return {
    humanOf,
    accountsOf: (account) => [
      account,
      ...accounts.filter((each) => each !== account && humanOf(each) === humanOf(account)),
    ],
  };
}
