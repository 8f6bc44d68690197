import type { ConditionResolution } from '@/lib/conditions/condition';
import { parseScope } from '@/lib/conditions/condition';
import type { Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { ConditionRow } from './condition-row';
import { listGaps } from './open-conditions';

export interface Closing {
  resolution: ConditionResolution;
  /** Person id, or `console` when what was missing has come. */
  by: string;
  reasonCode: string;
  /** Where the person's own words are kept, with their salted digest. */
  reason: { ref: string; digest: string } | null;
  /** What the check said. */
  detail: string;
}

/** Ends an open, locked condition and records who did it, why, and what the check said at that moment. */
export async function closeCondition(
  tx: Tx,
  condition: ConditionRow,
  closing: Closing,
  nowMs: number,
): Promise<void> {
  const { id, tenant, code, scope } = condition;
  const about = parseScope(scope);
  const accepted = closing.resolution === 'accepted' && about?.kind === 'stream';
  const gaps = accepted ? await listGaps(tx, about.stream) : null;
  await tx.query(
    `UPDATE integrity_conditions SET resolved_at = $2, resolution = $3, resolved_by = $4, reason_code = $5,
       reason_ref = $6, gaps = coalesce($7::jsonb, gaps) WHERE id = $1`,
    [
      id,
      new Date(nowMs),
      closing.resolution,
      closing.by,
      closing.reasonCode,
      closing.reason?.ref ?? null,
      gaps && JSON.stringify(gaps),
    ],
  );
  await journal(tx, {
    tenant,
    kind: 'verification',
    id: newId('rec', nowMs),
    body: {
      condition_id: id,
      condition: code,
      scope,
      resolution: closing.resolution,
      by: closing.by,
      reason_code: closing.reasonCode,
      reason_digest: closing.reason?.digest,
      detail: closing.detail,
      ...(gaps ? { accepted: gaps.map(({ fromSeq, toSeq }) => ({ from_seq: fromSeq, to_seq: toSeq })) } : {}),
    },
    occurredAtMs: nowMs,
  });
}
