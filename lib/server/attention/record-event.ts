import type { AttentionEventKind } from '@/lib/attention/attention-view';
import type { Tx } from '../database/transaction';
import { newId } from '../random';

/** Keeps what the system did to spread load, or why somebody was spared; read under Insights, never changed. */
export async function recordAttentionEvent(
  tx: Tx,
  event: {
    tenant: string;
    person: string;
    kind: AttentionEventKind;
    reasonCode: string;
    escalation?: string;
    atMs: number;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO attention_events (id, tenant, person, kind, reason_code, escalation, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      newId('rec', event.atMs),
      event.tenant,
      event.person,
      event.kind,
      event.reasonCode,
      event.escalation ?? null,
      new Date(event.atMs),
    ],
  );
}
