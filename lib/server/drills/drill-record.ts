import type { DrillRecipe } from '@/lib/attention/drill-recipes';
import type { Tx } from '../database/transaction';

/**
 * A drill: `planned` (sealed, not in the queue), `waiting` (in the queue as an escalation), `scored` (a person decided it),
 * `unanswered` (nobody did) or `withdrawn` (it could not be shown as planned).
 */
export interface DrillRecord {
  id: string;
  tenant: string;
  state: 'planned' | 'waiting' | 'scored' | 'unanswered' | 'withdrawn';
  known: 'good' | 'bad';
  recipe: DrillRecipe;
  model: string;
  instance: string;
  salt: Uint8Array;
  commitment: string;
  clue: string;
  escalation: string | null;
}

const COLUMNS = 'id, tenant, state, known, recipe, model, instance, salt, commitment, clue, escalation';

/** The drill behind an escalation, or null: then it is real. */
export async function findDrill(tx: Tx, at: { tenant: string; id: string }): Promise<DrillRecord | null> {
  const found = await tx.query<DrillRecord>(
    `SELECT ${COLUMNS} FROM drills WHERE tenant = $1 AND escalation = $2`,
    [at.tenant, at.id],
  );
  return found.rows[0] ?? null;
}

/** A planned drill by its own id, locked until the transaction ends; null when somebody else showed it. */
export async function findPlannedDrill(
  tx: Tx,
  at: { tenant: string; id: string },
): Promise<DrillRecord | null> {
  const found = await tx.query<DrillRecord>(
    `SELECT ${COLUMNS} FROM drills WHERE tenant = $1 AND id = $2 AND state = 'planned' FOR UPDATE SKIP LOCKED`,
    [at.tenant, at.id],
  );
  return found.rows[0] ?? null;
}
