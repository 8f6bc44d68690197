import type { ActionEvidence } from '@/lib/conditions/action-evidence';
import { parseForeignEvidence } from '@/lib/mesh/foreign-decision';
import { verifyForeignDecision } from '@/lib/mesh/verify-foreign-decision';
import type { Tx } from '../database/transaction';
import { type ForeignRow, listForeignRecords } from './list-foreign-records';

/**
 * Which of these parents are decisions of this organisation, or of a peer's and verify from the bytes that are kept. A
 * decision names at most 64 parents.
 */
export async function listHeldParents(
  tx: Tx,
  tenant: string,
  ids: readonly string[],
): Promise<ActionEvidence['parents']> {
  if (ids.length === 0) return [];
  const found = await tx.query<{ id: string }>(
    'SELECT DISTINCT id FROM decisions WHERE id = ANY($1) AND tenant = $2',
    [ids, tenant],
  );
  const here = new Set(found.rows.map(({ id }) => id));
  const foreign = await listForeignRecords(
    tx,
    tenant,
    ids.filter((id) => !here.has(id)),
  );
  const faults = new Map(
    await Promise.all(foreign.map(async (row) => [row.id, await findFault(row)] as const)),
  );
  return ids.map((id) => {
    const fault = faults.get(id) ?? null;
    return { id, held: here.has(id) || (faults.has(id) && fault === null), fault };
  });
}

async function findFault({ id, peer, vkey, evidence }: ForeignRow): Promise<string | null> {
  const read = parseForeignEvidence(evidence);
  if (!read.ok) return read.code;
  const { checks } = await verifyForeignDecision(read.value, { id, peer, vkey });
  const wrong = checks.find(({ verdict }) => verdict === 'invalid');
  return wrong ? `${wrong.title}: ${wrong.code}` : null;
}
