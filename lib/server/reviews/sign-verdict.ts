import type { DecideRequest, PasskeyRule, Verdict } from '@/lib/escalations/escalation-view';
import { type ReviewPasskey, type ReviewStatement, reviewStatement } from '@/lib/escalations/record-bodies';
import { formatStatement, reviewChallenge } from '@/lib/escalations/statement';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import type { EscalationRecord } from '../escalations/escalation-record';
import { type Ceremony, takeCeremony } from '../passkeys/ceremonies';
import { checkAssertion } from '../passkeys/check-assertion';
import { readChallenge } from '../passkeys/read-challenge';
import type { SealedPayload } from '../payloads/store-payload';
import type { ActivePolicy } from '../policies/get-active-policy';
import type { CheckedVerdict } from './check-verdict';
import { draftStatement } from './draft-statement';
import type { Reviewer } from './reviewer';

/** What is recorded of a verdict: its statement, the payload with the reason's words, and the passkey's signature. */
export interface SignedVerdict {
  statement: ReviewStatement;
  reasonRef: string;
  passkey: ReviewPasskey | null;
}

/**
 * The ceremony that a signed request answers, taken in a transaction of its own: whatever becomes of the verdict, the same
 * signature is never looked at twice. Null for a session's verdict, and when there is none.
 */
export async function takeSigning(
  request: DecideRequest,
  { nowMs }: { nowMs: number },
): Promise<Ceremony | null> {
  const challenge = request.passkey && readChallenge(request.passkey.response.clientDataJSON);
  return challenge ? takeCeremony(getPool(), challenge, { nowMs }) : null;
}

/**
 * Turns a checked verdict into what is recorded: by the person's session where the policy leaves that free, or by their
 * passkey over the very statement that was prepared for them.
 * @throws ServiceError `passkey_required`, `ceremony_unknown`, `ceremony_mismatch`, and those of `checkAssertion`
 */
export async function signVerdict(
  tx: Tx,
  viewer: Reviewer,
  given: {
    escalation: EscalationRecord;
    request: DecideRequest;
    checked: CheckedVerdict;
    ceremony: Ceremony | null;
    /** The reason's words, under the ceremony's salt where there is one. */
    reason: Pick<SealedPayload, 'ref' | 'digest'>;
  },
  { nowMs }: { nowMs: number },
): Promise<SignedVerdict> {
  const { escalation, request, checked, ceremony, reason } = given;
  if (!request.passkey) {
    requireSessionAllowed(checked.policy, escalation, request.verdict);
    const statement = draftStatement(viewer, escalation, request, checked, {
      reasonDigest: reason.digest,
      nowMs,
    });
    return { statement, reasonRef: reason.ref, passkey: null };
  }
  if (!ceremony?.signs) throw new ServiceError('ceremony_unknown');
  const prepared = reviewStatement.parse(JSON.parse(Buffer.from(ceremony.signs.statement).toString('utf8')));
  const owner = { tenant: viewer.tenant.id, person: viewer.person.id };
  // As it would be drafted now, but for what was measured when it was prepared.
  const { decided_at, review_dwell_ms, active_ms, coverage } = prepared;
  const drafted = draftStatement(viewer, escalation, request, checked, {
    reasonDigest: reason.digest,
    nowMs,
  });
  const statement = { ...drafted, decided_at, review_dwell_ms, active_ms, coverage };
  const isOwn = ceremony.tenant === owner.tenant && ceremony.person === owner.person;
  if (!isOwn || Buffer.compare(formatStatement(statement), ceremony.signs.statement) !== 0)
    throw new ServiceError('ceremony_mismatch');
  const signed = await checkAssertion(
    tx,
    owner,
    { assertion: request.passkey, challenge: reviewChallenge(statement) },
    { nowMs },
  );
  const { response } = request.passkey;
  return {
    statement,
    reasonRef: reason.ref,
    passkey: {
      credential_id: signed.credentialId,
      rp_id: signed.rpId,
      origin: signed.origin,
      authenticator_data: response.authenticatorData,
      client_data_json: response.clientDataJSON,
      signature: response.signature,
    },
  };
}

/** As the policy that it was asked under says for its tier. */
function requireSessionAllowed(
  { document }: Pick<ActivePolicy, 'document'>,
  { tier }: EscalationRecord,
  verdict: Verdict,
): void {
  if (needsPasskey(document.review.passkey[tier] ?? 'optional', verdict))
    throw new ServiceError('passkey_required', 'The policy asks for your passkey on this verdict.');
}

function needsPasskey(rule: PasskeyRule, verdict: Verdict): boolean {
  return rule === 'every-verdict' || (rule === 'approval' && verdict === 'approve');
}
