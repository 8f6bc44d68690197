/**
 * A passkey's assertion (WebAuthn Level 3 §7.2), held against what it must be about. Pure: the same function refuses a
 * verdict on the server and draws the passkey's line wherever evidence is verified.
 *
 * What the authenticator signs is `authenticatorData ‖ SHA-256(clientDataJSON)`; the challenge stands inside
 * `clientDataJSON`. User presence and user verification are both required.
 */
import { concatBytes, decodeUtf8, equalBytes, utf8 } from '@/lib/core/bytes';
import { verifyEcdsa } from '@/lib/core/ecdsa';
import { verifyEd25519Async } from '@/lib/core/ed25519';
import { formatBase64url, formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { isJsonObject, type JsonObject, parseJson } from '@/lib/core/json';
import { verifyRsa } from '@/lib/core/rsa';
import { parseAssertionData } from './authenticator-data';
import { type PasskeyPublicKey, parseCoseKey } from './cose-key';

export interface Assertion {
  authenticatorData: Uint8Array;
  clientDataJson: Uint8Array;
  signature: Uint8Array;
}

export interface AssertionExpectation {
  challenge: Uint8Array;
  /** Of the page, such as `https://console.example`. */
  origin: string;
  rpId: string;
  /** COSE_Key. */
  publicKey: Uint8Array;
}

export type AssertionFault =
  | 'client_data_form'
  | 'client_data_type'
  | 'challenge_mismatch'
  | 'client_origin_mismatch'
  | 'cross_origin'
  | 'authenticator_data'
  | 'rp_id_mismatch'
  | 'user_not_present'
  | 'user_not_verified'
  | 'key_unsupported'
  | 'signature_invalid';

export type AssertionVerdict =
  | { ok: true; signCount: number; alg: PasskeyPublicKey['alg'] }
  | { ok: false; code: AssertionFault; expected?: string; computed?: string }
  /** RS256 where this host has no WebCrypto: no verdict. */
  | { ok: false; code: 'not_verifiable_here' };

const MAX_CLIENT_DATA_BYTES = 8_192;
const MAX_SIGNATURE_BYTES = 1_024;

/** Checks in the order of the specification; the first that fails is told, with what was expected and what was found. */
export async function verifyAssertion(
  assertion: Assertion,
  expected: AssertionExpectation,
): Promise<AssertionVerdict> {
  const client = readClientData(assertion.clientDataJson);
  if (!client) return fault('client_data_form');
  if (client.type !== 'webauthn.get') return fault('client_data_type', 'webauthn.get', told(client.type));
  const challenge = formatBase64url(expected.challenge);
  if (client.challenge !== challenge) return fault('challenge_mismatch', challenge, told(client.challenge));
  if (client.origin !== expected.origin)
    return fault('client_origin_mismatch', expected.origin, told(client.origin));
  if ((client.crossOrigin !== undefined && client.crossOrigin !== false) || client.topOrigin !== undefined)
    return fault('cross_origin');
  const data = parseAssertionData(assertion.authenticatorData);
  if (!data.ok) return fault('authenticator_data');
  const rpIdHash = sha256(utf8(expected.rpId));
  if (!equalBytes(data.value.rpIdHash, rpIdHash))
    return fault('rp_id_mismatch', formatHex(rpIdHash), formatHex(data.value.rpIdHash));
  if (!data.value.userPresent) return fault('user_not_present');
  if (!data.value.userVerified) return fault('user_not_verified');
  const key = parseCoseKey(expected.publicKey);
  if (!key.ok) return fault('key_unsupported');
  const signed = concatBytes(assertion.authenticatorData, sha256(assertion.clientDataJson));
  const verified =
    assertion.signature.length <= MAX_SIGNATURE_BYTES &&
    (await verify(key.value, signed, assertion.signature));
  if (verified === undefined) return { ok: false, code: 'not_verifiable_here' };
  return verified
    ? { ok: true, signCount: data.value.signCount, alg: key.value.alg }
    : fault('signature_invalid');
}

async function verify(
  key: PasskeyPublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean | undefined> {
  if (key.alg === 'EdDSA') return verifyEd25519Async(key.publicKey, message, signature);
  if (key.alg === 'ES256')
    return verifyEcdsa({ publicKey: key.spki, message, hash: 'sha-256', signature, encoding: 'der' });
  return verifyRsa({
    publicKey: key.spki,
    scheme: { name: 'pkcs1-v1.5' },
    hash: 'sha-256',
    message,
    signature,
  });
}

function readClientData(bytes: Uint8Array): JsonObject | null {
  const text = bytes.length <= MAX_CLIENT_DATA_BYTES ? decodeUtf8(bytes) : null;
  const json = text?.ok ? parseJson(text.value, { maxDepth: 8 }) : null;
  return json?.ok && isJsonObject(json.value) ? json.value : null;
}

function fault(code: AssertionFault, expected?: string, computed?: string): AssertionVerdict {
  return {
    ok: false,
    code,
    ...(expected === undefined ? {} : { expected }),
    ...(computed === undefined ? {} : { computed }),
  };
}

/** A member of hostile JSON as a finding shows it. */
function told(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : 'nothing';
}
