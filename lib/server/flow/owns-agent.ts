import type { Tx } from '../database/transaction';
import type { Reviewer } from '../reviews/reviewer';

/** Whether an administrator linked this person to the agent: they answer for it, and never decide what it asks for. */
export async function ownsAgent(tx: Tx, viewer: Reviewer, agent: string): Promise<boolean> {
  const found = await tx.query(
    "SELECT 1 FROM person_links WHERE tenant = $1 AND person = $2 AND kind = 'agent' AND value = $3 AND ended_at IS NULL",
    [viewer.tenant.id, viewer.person.id, agent],
  );
  return (found.rowCount ?? 0) > 0;
}
