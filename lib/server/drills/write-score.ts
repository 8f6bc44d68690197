import { formatBase64url } from '@/lib/core/encoding';
import type { ReviewPasskey, ReviewStatement } from '@/lib/escalations/record-bodies';
import { formatStatement, statementDigest } from '@/lib/escalations/statement';
import type { Tx } from '../database/transaction';
import { newId } from '../random';
import { type JournalledRecord, journal } from '../records/journal';
import type { DrillRecord } from './drill-record';

export interface DrillAnswer {
  statement: ReviewStatement;
  /** The payload that holds the reason's words. */
  reasonRef: string;
  passkey: ReviewPasskey | null;
}

/**
 * Opens the seal: the `drill.scored` record says what the drill was, with the salt of its commitment, and what a person
 * answered, if one did. It is the only record of the verdict, so that nothing that counts reviews can count it.
 */
export async function writeScore(
  tx: Tx,
  input: {
    drill: DrillRecord;
    escalation: string | null;
    result: 'right' | 'wrong' | 'unanswered' | 'withdrawn';
    answer: DrillAnswer | null;
    nowMs: number;
    /** Of a right or wrong approval: the claims of the token that approves nothing, once its record is known. */
    claims?: (record: JournalledRecord) => { kid: string; bytes: Uint8Array };
  },
): Promise<void> {
  const { drill, escalation, result, answer, nowMs } = input;
  const { tenant } = drill;
  const statement = answer?.statement;
  const record = await journal(tx, {
    tenant,
    kind: 'drill.scored',
    id: newId('rec', nowMs),
    body: {
      drill_id: drill.id,
      escalation_id: escalation ?? undefined,
      result,
      known: drill.known,
      recipe: drill.recipe,
      model: drill.model,
      instance: drill.instance,
      salt: formatBase64url(new Uint8Array(drill.salt)),
      commitment: drill.commitment,
      statement,
      statement_digest: statement && statementDigest(statement),
      method: methodOf(answer),
      passkey: answer?.passkey ?? undefined,
    },
    occurredAtMs: nowMs,
  });
  const token = input.claims?.(record);
  await tx.query(`UPDATE drills SET state = $3 WHERE tenant = $1 AND id = $2`, [
    tenant,
    drill.id,
    result === 'right' || result === 'wrong' ? 'scored' : result,
  ]);
  await tx.query(
    `INSERT INTO drill_scores (drill, tenant, escalation, result, person, role, verdict, reason_code, reason_ref, statement,
       statement_digest, method, review_dwell_ms, active_ms, coverage, kid, claims, scored_at, stream, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
    [
      drill.id,
      tenant,
      escalation ?? drill.id,
      result,
      statement?.reviewer ?? null,
      statement?.role ?? null,
      statement?.verdict ?? null,
      statement?.reason_code ?? null,
      answer?.reasonRef ?? null,
      statement ? formatStatement(statement) : null,
      statement ? statementDigest(statement) : null,
      methodOf(answer) ?? null,
      statement?.review_dwell_ms ?? null,
      statement?.active_ms ?? null,
      statement?.coverage ?? [],
      token?.kid ?? null,
      token?.bytes ?? null,
      new Date(nowMs),
      record.stream,
      record.position,
    ],
  );
}

function methodOf(answer: DrillAnswer | null): 'passkey' | 'session' | undefined {
  return answer === null ? undefined : answer.passkey ? 'passkey' : 'session';
}
