import type { Tx } from '../database/transaction';

const RECENT_MS = 90 * 86_400_000;
const SETTLED_MS = 60 * 60_000;
const TRIED = 12;

/**
 * Past escalations of which it is known that approving them was right: approved, carried out, never revoked and without
 * an open condition. In random order, those that no drill was made of lately.
 */
export async function listDrillModels(
  tx: Tx,
  tenant: string,
  { nowMs, model }: { nowMs: number; model?: string | undefined },
): Promise<string[]> {
  const found = await tx.query<{ id: string }>(
    `SELECT e.id FROM escalations e
       JOIN approvals a ON a.escalation = e.id AND a.tenant = e.tenant
       JOIN outcomes o ON o.approval = a.id AND o.state = 'forwarded'
      WHERE e.tenant = $1 AND e.state = 'approved' AND e.evidence_ref IS NOT NULL
        AND e.created_at > $2 AND e.ended_at < $3 AND ($4::text IS NULL OR e.id = $4)
        AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.approval = a.id)
        AND NOT EXISTS (SELECT 1 FROM integrity_conditions c WHERE c.tenant = e.tenant AND c.escalation = e.id)
        AND NOT EXISTS (SELECT 1 FROM drills d WHERE d.tenant = e.tenant AND d.model = e.id AND d.created_at > $5)
      ORDER BY random() LIMIT ${TRIED}`,
    [
      tenant,
      new Date(nowMs - RECENT_MS),
      new Date(nowMs - SETTLED_MS),
      model ?? null,
      new Date(nowMs - RECENT_MS / 3),
    ],
  );
  return found.rows.map(({ id }) => id);
}
