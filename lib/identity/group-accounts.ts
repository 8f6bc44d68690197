/** Two accounts that belong to one human. */
export interface AccountLink {
  person: string;
  other: string;
}

/**
 * The human behind each linked account, named by the account that sorts first. Links reach across others: what is one
 * with one's other account is one with oneself. An account without links stands for itself.
 */
export function groupAccounts(links: readonly AccountLink[]): (account: string) => string {
  const parent = new Map<string, string>();
  const find = (account: string): string => {
    let at = account;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const { person, other } of links) {
    const [first, second] = [find(person), find(other)].sort() as [string, string];
    if (first !== second) parent.set(second, first);
  }
  return find;
}
