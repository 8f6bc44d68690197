import { type AccessPolicy, accessPolicy, DEFAULT_ACCESS_POLICY } from '@/lib/vault/access-policy';
import type { Tx } from '../database/transaction';

export interface ActiveAccessPolicy {
  /** 0: the default, which nobody has set. */
  version: number;
  policy: AccessPolicy;
  setBy: string | null;
}

/** Which looks need a second person in this tenant, as it is in force. */
export async function findAccessPolicy(tx: Tx, tenant: string): Promise<ActiveAccessPolicy> {
  const found = await tx.query<{ version: number; document: unknown; set_by: string }>(
    'SELECT version, document, set_by FROM vault_policies WHERE tenant = $1 ORDER BY version DESC LIMIT 1',
    [tenant],
  );
  const row = found.rows[0];
  return row
    ? { version: row.version, policy: accessPolicy.parse(row.document), setBy: row.set_by }
    : { version: 0, policy: DEFAULT_ACCESS_POLICY, setBy: null };
}
