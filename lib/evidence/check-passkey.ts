import type { z } from 'zod';
import { parseBase64url } from '@/lib/core/encoding';
import type { ReviewPasskey, reviewBody } from '@/lib/escalations/record-bodies';
import { reviewChallenge } from '@/lib/escalations/statement';
import type { Check } from '@/lib/integrity/check';
import { type Assertion, verifyAssertion } from '@/lib/integrity/passkey/verify-assertion';
import type { DecisionStory, Told } from './decision-story';

type Review = Told<z.infer<typeof reviewBody>>;
type Titled = { id: string; title: string };

const COMPARED =
  "the reviewer's own signature over the statement's challenge: type, origin, relying party, user present and verified";

/** The line of the review at `index`, of `count`. */
export function passkeyTitle(index: number, count: number): Titled {
  const id = index === 0 ? 'review.passkey' : `review.passkey.${index + 1}`;
  return { id, title: count === 1 ? 'Passkey' : `Passkey ${index + 1} of ${count}` };
}

/**
 * That this person's own authenticator signed this very statement: the challenge computed again from the statement's bytes,
 * the assertion under the key that the log says is theirs, registered before the verdict and not ended before it.
 */
export async function checkPasskey(
  titled: Titled,
  review: Review,
  story: DecisionStory,
  linkOf: (stream: string, position: number) => Uint8Array | undefined,
): Promise<Check> {
  const { view, body } = review;
  const where = { stream: view.stream, position: view.position };
  const base = { ...titled, compared: COMPARED };
  const notChecked = (reason: string): Check => ({ ...base, verdict: 'not-checked', reason });
  const invalid = (code: string, found: Partial<Check> = {}): Check => ({
    ...base,
    verdict: 'invalid',
    code,
    where,
    ...found,
  });
  const { passkey, statement } = body;
  if (!passkey)
    return body.method === 'passkey'
      ? invalid('assertion_missing')
      : notChecked('the verdict was given in a signed-in session, without a passkey');
  const assertion = readAssertion(passkey);
  if (!assertion) return invalid('assertion_unreadable');
  const added = story.passkeys.find(
    (told) => told.body.credential_id === passkey.credential_id && told.view.stream === view.stream,
  );
  if (!added) return notChecked('the record that registered this passkey is not among the evidence');
  const publicKey = parseBase64url(added.body.public_key);
  if (!publicKey.ok) return invalid('key_unsupported');
  const key = `passkey ${passkey.credential_id.slice(0, 12)}, registered by record ${added.view.position}`;
  const named = { key };
  if (!linkOf(added.view.stream, added.view.position))
    return { ...notChecked('the record that registered this passkey was not walked'), ...named };
  if (added.body.person !== statement.reviewer)
    return invalid('passkey_person', { ...named, expected: statement.reviewer, computed: added.body.person });
  if (added.view.position >= view.position) return invalid('passkey_not_yet', named);
  const ended = story.passkeyEnds.find(
    (told) => told.body.credential_id === passkey.credential_id && told.view.position < view.position,
  );
  if (ended)
    return invalid('passkey_revoked', {
      ...named,
      compared: `the place of the verdict with that of the passkey's end, record ${ended.view.position}`,
    });
  if (added.body.rp_id !== passkey.rp_id)
    return invalid('rp_id_mismatch', { ...named, expected: added.body.rp_id, computed: passkey.rp_id });
  const verdict = await verifyAssertion(assertion, {
    challenge: reviewChallenge(statement),
    origin: passkey.origin,
    rpId: passkey.rp_id,
    publicKey: publicKey.value,
  });
  if (verdict.ok) return { ...base, ...named, verdict: 'valid', compared: `${COMPARED} (${verdict.alg})` };
  if (verdict.code === 'not_verifiable_here')
    return { ...notChecked('RSA needs WebCrypto, which this host does not have'), ...named };
  const { code, expected, computed } = verdict;
  return invalid(code, {
    ...named,
    ...(expected === undefined ? {} : { expected }),
    ...(computed === undefined ? {} : { computed }),
  });
}

function readAssertion(passkey: ReviewPasskey): Assertion | null {
  const [authenticatorData, clientDataJson, signature] = [
    passkey.authenticator_data,
    passkey.client_data_json,
    passkey.signature,
  ].map(parseBase64url);
  return authenticatorData?.ok && clientDataJson?.ok && signature?.ok
    ? {
        authenticatorData: authenticatorData.value,
        clientDataJson: clientDataJson.value,
        signature: signature.value,
      }
    : null;
}
