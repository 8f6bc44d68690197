import { type PolicyDocument, policyDocument } from '@/lib/policy/policy-document';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { sharedSingleton } from '../shared-singleton';

export interface ActivePolicy {
  document: PolicyDocument;
  id: string;
  version: number;
  /** `sha-256:<hex>` of the exact text that was published. */
  digest: string;
}

export interface PolicyRow {
  id: string;
  version: number;
  digest: string;
  document: string;
}

/** The tenant's policy in force at `nowMs`: the one that became active last; null when none did. */
export async function findActivePolicy(
  tenant: string,
  nowMs: number = clockNowMs(),
  tx: Tx = getPool(),
): Promise<ActivePolicy | null> {
  const found = await tx.query<PolicyRow>({
    name: 'get-active-policy',
    text: `SELECT id, version, digest, document FROM policies
            WHERE tenant = $1 AND active_from <= $2
            ORDER BY active_from DESC, version DESC LIMIT 1`,
    values: [tenant, new Date(nowMs)],
  });
  return found.rows[0] ? readPolicyRow(found.rows[0]) : null;
}

/**
 * The same where nothing can be allowed without one.
 * @throws ServiceError `policy_missing` when none is in force
 */
export async function getActivePolicy(
  tenant: string,
  nowMs: number = clockNowMs(),
  tx: Tx = getPool(),
): Promise<ActivePolicy> {
  return requireInForce(await findActivePolicy(tenant, nowMs, tx));
}

/** @throws ServiceError `policy_missing` */
export function requireInForce(policy: ActivePolicy | null): ActivePolicy {
  if (!policy)
    throw new ServiceError('policy_missing', 'No policy is in force; an administrator must publish one.');
  return policy;
}

/** One published version, for what was decided under it. @throws ServiceError `policy_missing` */
export async function getPolicyVersion(
  tenant: string,
  id: string,
  version: number,
  tx: Tx = getPool(),
): Promise<ActivePolicy> {
  const found = await tx.query<PolicyRow>({
    name: 'get-policy-version',
    text: 'SELECT id, version, digest, document FROM policies WHERE tenant = $1 AND id = $2 AND version = $3',
    values: [tenant, id, version],
  });
  const row = found.rows[0];
  if (!row) throw new ServiceError('policy_missing', 'This version was never published here.');
  return readPolicyRow(row);
}

const REMEMBERED = 64;

/** Parsed documents are immutable by their digest, so one process parses each once. */
function readPolicyRow(row: PolicyRow): ActivePolicy {
  const parsed = sharedSingleton('policy-documents', () => new Map<string, PolicyDocument>());
  let document = parsed.get(row.digest);
  if (!document) {
    document = policyDocument.parse(JSON.parse(row.document));
    if (parsed.size >= REMEMBERED) parsed.clear();
    parsed.set(row.digest, document);
  }
  return { document, id: row.id, version: row.version, digest: row.digest };
}
