/**
 * What a reviewer signs (formats.md §9): the canonical bytes (RFC 8785) of the statement, and the digest of what was
 * drawn when they decided.
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { ReviewStatement } from '@/lib/escalations/record-bodies';

/** The JCS bytes of a statement. */
export function formatStatement(statement: ReviewStatement): Uint8Array {
  return utf8(formatCanonicalJson(statement as unknown as JsonValue));
}

/** `sha-256:hex` over the statement's JCS bytes. */
export function statementDigest(statement: ReviewStatement): string {
  return formatDigest('sha-256', sha256(formatStatement(statement)));
}

/** What a passkey signs (formats.md §9): SHA-256 over `countersign/review/v1\n` and the statement's JCS bytes. */
export function reviewChallenge(statement: ReviewStatement): Uint8Array {
  return sha256(concatBytes(utf8('countersign/review/v1\n'), formatStatement(statement)));
}

export type Displayed = Pick<
  EscalationDetail,
  'actionJson' | 'actionDigest' | 'evidence' | 'measured' | 'budgets' | 'quorum' | 'policy'
> & {
  row: Pick<EscalationDetail['row'], 'id' | 'sentence' | 'tier' | 'control' | 'rule' | 'reasonCode'>;
  flow?: Pick<EscalationDetail['flow'], 'information' | 'recommendation'>;
};

/**
 * `sha-256:hex` over the JCS of what the review page draws of the request itself: action, sentence, rule, measurements,
 * budgets, policy, quorum, evidence, answered questions, and a machine's recommendation once it is shown. History and findings move with time and are not part of it.
 */
export function displayDigest(shown: Displayed): string {
  const { row } = shown;
  const drawn = {
    escalation: row.id,
    sentence: row.sentence,
    tier: row.tier,
    control: row.control,
    rule: row.rule,
    reason_code: row.reasonCode,
    action: shown.actionJson,
    action_digest: shown.actionDigest,
    policy: shown.policy,
    quorum: shown.quorum,
    measured: shown.measured,
    budgets: shown.budgets,
    evidence: shown.evidence,
    ...drawnFlow(shown.flow),
  };
  // A round trip drops absent members, which JCS has no spelling for.
  const value = JSON.parse(JSON.stringify(drawn)) as JsonValue;
  return formatDigest('sha-256', sha256(utf8(formatCanonicalJson(value))));
}

/** Members that an escalation without questions and recommendations does not have, nor its digest. */
function drawnFlow(flow: Displayed['flow']): Record<string, unknown> {
  const answered = (flow?.information ?? []).filter(({ answer }) => answer !== null);
  const { recommendation } = flow ?? {};
  return {
    ...(answered.length === 0
      ? {}
      : { information: answered.map(({ id, question, answer }) => ({ id, question, answer })) }),
    ...(recommendation?.state === 'shown' ? { recommendation: recommendation.words } : {}),
  };
}
