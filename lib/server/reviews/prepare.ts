import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { formatInstant } from '@/lib/core/instant';
import { invariant } from '@/lib/core/invariant';
import type { DecideRequest, PreparedVerdict } from '@/lib/escalations/escalation-view';
import { formatStatement, reviewChallenge } from '@/lib/escalations/statement';
import { nowMs as clockNowMs } from '../clock';
import { ConditionsHold } from '../conditions/conditions-hold';
import { openConditions } from '../conditions/open-conditions';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { CEREMONY_MS, openCeremony } from '../passkeys/ceremonies';
import { findActivePasskeys } from '../passkeys/find-passkeys';
import { requireRelyingParty } from '../passkeys/relying-party';
import { requestOptions } from '../passkeys/request-options';
import { newRandomBytes } from '../random';
import { checkVerdict } from './check-verdict';
import { draftStatement } from './draft-statement';
import type { Reviewer } from './reviewer';

/**
 * Fixes the statement of a verdict that is to be signed by the reviewer's passkey, after every check that the verdict
 * itself will meet, and keeps its challenge for two minutes. Nothing is decided by it.
 * @throws ServiceError `passkeys_unavailable`, `passkey_required` without a passkey, `escalation_unknown`, and the codes
 * of `checkVerdict`
 */
export async function prepareVerdict(
  viewer: Reviewer,
  id: string,
  request: DecideRequest,
  { nowMs = clockNowMs() } = {},
): Promise<PreparedVerdict> {
  const owner = { tenant: viewer.tenant.id, person: viewer.person.id };
  const prepared = inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, { tenant: owner.tenant, id }, { lock: true });
    if (!escalation) throw new ServiceError('escalation_unknown');
    const checked = await checkVerdict(tx, viewer, escalation, request, nowMs);
    const party = requireRelyingParty();
    const passkeys = await findActivePasskeys(tx, owner);
    if (passkeys.length === 0) throw new ServiceError('passkey_required', 'Register a passkey first.');
    const reasonSalt = newRandomBytes(32);
    const reason = sha3_512(concatBytes(reasonSalt, utf8(request.reasonText)));
    const statement = draftStatement(viewer, escalation, request, checked, {
      reasonDigest: formatDigest('sha3-512', reason),
      nowMs,
    });
    const bytes = formatStatement(statement);
    const challenge = reviewChallenge(statement);
    const signs = { escalation: id, statement: bytes, reasonSalt };
    await openCeremony(tx, { ...owner, purpose: 'sign', challenge, signs }, { nowMs });
    const text = decodeUtf8(bytes);
    invariant(text.ok, 'prepareVerdict: a statement in UTF-8');
    return {
      statement: text.value,
      options: await requestOptions(party, passkeys, challenge),
      expiresAt: formatInstant(nowMs + CEREMONY_MS),
    };
  });
  return prepared.catch(async (error: unknown) => {
    if (error instanceof ConditionsHold)
      await openConditions({ tenant: owner.tenant, escalation: id }, error.found, { nowMs });
    throw error;
  });
}
