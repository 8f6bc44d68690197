import { utf8 } from '@/lib/core/bytes';
import { formatDigest } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import { formatClaims } from '@/lib/escalations/approval-claims';
import { statementDigest } from '@/lib/escalations/statement';
import type { Action } from '@/lib/tokens/action';
import { claimsSchema } from '@/lib/tokens/claims';
import { drillAudience } from '@/lib/tokens/drill-token';
import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import { endEscalation } from '../escalations/end-escalation';
import type { EscalationRecord } from '../escalations/escalation-record';
import { getSigningKey } from '../keys/key-directory';
import { newId } from '../random';
import type { JournalledRecord } from '../records/journal';
import type { DrillRecord } from './drill-record';
import { type DrillAnswer, writeScore } from './write-score';

/**
 * A person's verdict on a drill: scored, sealed open and ended at once, whatever quorum it showed, so that nobody else
 * spends time on it. No review is written, no budget touched and no approval issued.
 */
export async function scoreDrill(
  tx: Tx,
  input: {
    drill: DrillRecord;
    escalation: EscalationRecord;
    answer: DrillAnswer;
    /** Null for a denial. */
    approvable: { action: Action; tokenMinutes: number } | null;
    nowMs: number;
  },
): Promise<void> {
  const { drill, escalation, answer, approvable, nowMs } = input;
  const isRight = (drill.known === 'bad') === (answer.statement.verdict === 'deny');
  await writeScore(tx, {
    drill,
    escalation: escalation.id,
    result: isRight ? 'right' : 'wrong',
    answer,
    nowMs,
    ...(approvable
      ? { claims: (record) => formatDrillClaims({ escalation, answer, ...approvable, record, nowMs }) }
      : {}),
  });
  await endEscalation(tx, escalation, 'drill', { nowMs });
}

/** The claims that an approval would have had, bound to the drill's own audience and key. */
function formatDrillClaims(input: {
  escalation: EscalationRecord;
  answer: DrillAnswer;
  action: Action;
  tokenMinutes: number;
  record: JournalledRecord;
  nowMs: number;
}): { kid: string; bytes: Uint8Array } {
  const { escalation, answer, record, nowMs } = input;
  const { keyid } = getSigningKey('drill');
  const claims = formatClaims({
    approvalId: newId('apr', nowMs),
    issuer: getConfig().origin,
    audience: drillAudience(escalation.tenant),
    audienceKey: keyid,
    escalationId: escalation.id,
    agent: escalation.agent,
    principal: escalation.principal,
    action: input.action,
    tier: escalation.tier,
    policy: escalation.policy,
    reviews: [
      {
        statement: answer.statement,
        digest: statementDigest(answer.statement),
        method: answer.passkey ? 'passkey' : 'session',
      },
    ],
    record: {
      stream: record.stream,
      position: record.position,
      link: formatDigest('blake2b-512', record.link),
    },
    decidedAtMs: nowMs,
    tokenMinutes: input.tokenMinutes,
  });
  return { kid: keyid, bytes: utf8(formatCanonicalJson(claimsSchema.parse(claims) as JsonValue)) };
}
