import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { formatBase64url, parseBase64url } from '@/lib/core/encoding';
import type { AssertionResponse } from '@/lib/identity/passkey-requests';
import { verifyAssertion } from '@/lib/integrity/passkey/verify-assertion';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { requireRelyingParty } from './relying-party';

interface Row {
  id: string;
  public_key: Uint8Array;
  sign_count: number;
  retired_at: Date | null;
}

/**
 * Verifies a passkey's assertion of this person over a challenge that was theirs, and moves its counter on. Two verifiers
 * must agree: @simplewebauthn/server, and ours, with which the same bytes are verified later by anybody.
 * @throws ServiceError `passkeys_unavailable`, `passkey_unknown`, `passkey_revoked`, `passkey_cloned`, `assertion_invalid`
 */
export async function checkAssertion(
  tx: Tx,
  owner: { tenant: string; person: string },
  given: { assertion: AssertionResponse; challenge: Uint8Array },
  { nowMs }: { nowMs: number },
): Promise<{ credentialId: string; rpId: string; origin: string }> {
  const { assertion, challenge } = given;
  const party = requireRelyingParty();
  const found = await tx.query<Row>(
    `SELECT id, public_key, sign_count, retired_at FROM passkeys
      WHERE credential_id = $1 AND tenant = $2 AND person = $3 FOR UPDATE`,
    [assertion.id, owner.tenant, owner.person],
  );
  const passkey = found.rows[0];
  if (!passkey || assertion.rawId !== assertion.id) throw new ServiceError('passkey_unknown');
  if (passkey.retired_at) throw new ServiceError('passkey_revoked');
  const publicKey = new Uint8Array(passkey.public_key);
  const signCount = await requireValid(assertion, {
    challenge,
    origin: party.origin,
    rpId: party.id,
    publicKey,
  });
  // Before the library speaks, which refuses a counter without saying that it was the counter.
  if ((signCount > 0 || passkey.sign_count > 0) && signCount <= passkey.sign_count)
    throw new ServiceError('passkey_cloned');
  await requireAgreement(assertion, { challenge, party, publicKey, signCount: passkey.sign_count });
  await tx.query('UPDATE passkeys SET sign_count = $2, last_used_at = $3 WHERE id = $1', [
    passkey.id,
    signCount,
    new Date(nowMs),
  ]);
  return { credentialId: assertion.id, rpId: party.id, origin: party.origin };
}

async function requireValid(
  { response }: AssertionResponse,
  expected: Parameters<typeof verifyAssertion>[1],
): Promise<number> {
  const parts = [response.authenticatorData, response.clientDataJSON, response.signature].map(parseBase64url);
  const [authenticatorData, clientDataJson, signature] = parts;
  if (!authenticatorData?.ok || !clientDataJson?.ok || !signature?.ok)
    throw new ServiceError('assertion_invalid', 'base64url');
  const verdict = await verifyAssertion(
    {
      authenticatorData: authenticatorData.value,
      clientDataJson: clientDataJson.value,
      signature: signature.value,
    },
    expected,
  );
  if (!verdict.ok) throw new ServiceError('assertion_invalid', verdict.code);
  return verdict.signCount;
}

async function requireAgreement(
  assertion: AssertionResponse,
  expected: {
    challenge: Uint8Array;
    party: { id: string; origin: string };
    publicKey: Uint8Array;
    signCount: number;
  },
): Promise<void> {
  const { party, publicKey } = expected;
  const verified = await verifyAuthenticationResponse({
    response: { ...assertion, clientExtensionResults: {} },
    expectedChallenge: formatBase64url(expected.challenge),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    expectedType: 'webauthn.get',
    requireUserVerification: true,
    credential: {
      id: assertion.id,
      publicKey: new Uint8Array(publicKey),
      counter: expected.signCount,
    },
  }).catch(() => null);
  if (!verified?.verified) throw new ServiceError('assertion_invalid', 'library');
}
