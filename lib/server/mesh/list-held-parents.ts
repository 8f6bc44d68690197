import type { ActionEvidence } from '@/lib/conditions/action-evidence';
import type { Tx } from '../database/transaction';

/** Which of these parents are decisions of this tenant. */
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
  const held = new Set(found.rows.map(({ id }) => id));
  return ids.map((id) => ({ id, held: held.has(id), fault: null }));
}
