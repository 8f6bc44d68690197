import { groupAccounts } from '@/lib/identity/group-accounts';
import type { Tx } from '../database/transaction';

export interface Humans {
  /** One id for the human behind an account. */
  humanOf: (account: string) => string;
  /** Every account of that human, the one asked about among them. */
  accountsOf: (account: string) => string[];
}

/** Which accounts of a tenant are one human; see `groupAccounts`. */
export async function findHumans(tx: Tx, tenant: string): Promise<Humans> {
  const links = await tx.query<{ person: string; other: string }>(
    `SELECT person, value AS other FROM person_links WHERE tenant = $1 AND kind = 'person'`,
    [tenant],
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
