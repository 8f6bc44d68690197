import { formatInstant } from '@/lib/core/instant';
import type { InformationView } from '@/lib/escalations/flow-view';
import type { Tx } from '../database/transaction';
import { readText } from '../payloads/read-text';

export interface InformationRow {
  id: string;
  asked_by: string;
  question_ref: string;
  asked_at: Date;
  answer_ref: string | null;
  answered_by: string | null;
  answered_at: Date | null;
}

/** What was asked of the agent's owner and what they answered, in order. */
export async function listInformationRows(
  tx: Tx,
  { id, tenant }: { id: string; tenant: string },
): Promise<InformationRow[]> {
  const found = await tx.query<InformationRow>(
    `SELECT id, asked_by, question_ref, asked_at, answer_ref, answered_by, answered_at FROM information_requests
      WHERE escalation = $1 AND tenant = $2 ORDER BY asked_at, id`,
    [id, tenant],
  );
  return found.rows;
}

/** The same with the words, as `person` sees them. */
export async function listInformation(
  tx: Tx,
  at: { id: string; tenant: string },
  person: string,
): Promise<InformationView[]> {
  const shown: InformationView[] = [];
  for (const row of await listInformationRows(tx, at)) {
    shown.push({
      id: row.id,
      question: await readText(tx, { tenant: at.tenant, ref: row.question_ref }),
      askedAt: formatInstant(row.asked_at.getTime()),
      mine: row.asked_by === person,
      answer: row.answer_ref === null ? null : await readText(tx, { tenant: at.tenant, ref: row.answer_ref }),
      answeredBy: row.answered_by === null ? null : row.answered_by.startsWith('per_') ? 'owner' : 'gateway',
      answeredAt: row.answered_at ? formatInstant(row.answered_at.getTime()) : null,
    });
  }
  return shown;
}
