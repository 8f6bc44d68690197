import { formatInstant } from '@/lib/core/instant';
import type { FlowView } from '@/lib/escalations/flow-view';
import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { readText } from '../payloads/read-text';
import type { Reviewer } from '../reviews/reviewer';

interface Row {
  id: string;
  person: string;
  name: string;
  text_ref: string;
  carries_verdict: boolean;
  at: Date;
}

/**
 * The comments that this person may see now. Somebody who could still give a verdict sees none that may carry one: they
 * are only counted.
 */
export async function listComments(
  tx: Tx,
  viewer: Reviewer,
  { id, tenant, state }: EscalationRecord,
  { hasDecided }: { hasDecided: boolean },
): Promise<Pick<FlowView, 'comments' | 'heldComments'>> {
  const found = await tx.query<Row>(
    `SELECT c.id, c.person, p.name, c.text_ref, c.carries_verdict, c.at FROM comments c JOIN people p ON p.id = c.person
      WHERE c.escalation = $1 AND c.tenant = $2 ORDER BY c.at, c.id`,
    [id, tenant],
  );
  const waits = state === 'pending' && !hasDecided && holdsRole(viewer.roles, DECIDING_ROLES);
  const isHeld = (row: Row) => waits && row.carries_verdict && row.person !== viewer.person.id;
  const comments: FlowView['comments'] = [];
  for (const row of found.rows.filter((each) => !isHeld(each))) {
    comments.push({
      id: row.id,
      name: row.name,
      mine: row.person === viewer.person.id,
      text: await readText(tx, { tenant, ref: row.text_ref }),
      at: formatInstant(row.at.getTime()),
    });
  }
  return { comments, heldComments: found.rows.filter(isHeld).length };
}
