/**
 * An authenticator in software (WebAuthn Level 3 §6): a P-256 key that really signs, for the demo's history and for tests.
 * It claims to have verified a user; nothing that matters may ever trust such a key.
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { ecdsaPublicKeySpki, signEcdsaP256 } from '@/lib/core/ecdsa';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { AUTHENTICATOR_FLAGS } from './authenticator-data';
import type { Assertion } from './verify-assertion';

export interface SoftwareCredential {
  /** 32 bytes, a P-256 secret. */
  secret: Uint8Array;
  credentialId: Uint8Array;
}

const PRESENT_AND_VERIFIED = AUTHENTICATOR_FLAGS.userPresent | AUTHENTICATOR_FLAGS.userVerified;

/** COSE_Key (ES256) of a P-256 secret. */
export function softwarePublicKey(secret: Uint8Array): Uint8Array {
  const point = ecdsaPublicKeySpki(secret).slice(-64);
  return concatBytes(
    Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20),
    point.subarray(0, 32),
    Uint8Array.of(0x22, 0x58, 0x20),
    point.subarray(32),
  );
}

export interface CeremonyInput {
  challenge: Uint8Array;
  origin: string;
  rpId: string;
  signCount: number;
  /** Default: user present and verified. */
  flags?: number;
  /** Default: what the ceremony is. */
  type?: string;
}

/** `authenticatorGetAssertion` (§6.3.3). */
export function signAssertion(credential: SoftwareCredential, input: CeremonyInput): Assertion {
  const authenticatorData = formatAuthenticatorData(input, input.flags ?? PRESENT_AND_VERIFIED);
  const clientDataJson = formatClientData(input, input.type ?? 'webauthn.get');
  const signed = concatBytes(authenticatorData, sha256(clientDataJson));
  return {
    authenticatorData,
    clientDataJson,
    signature: signEcdsaP256(credential.secret, sha256(signed)),
  };
}

/** The assertion as a browser sends it (AuthenticationResponseJSON, §5.1). */
export function formatAssertionResponse(credential: SoftwareCredential, assertion: Assertion) {
  const id = formatBase64url(credential.credentialId);
  return {
    id,
    rawId: id,
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      authenticatorData: formatBase64url(assertion.authenticatorData),
      clientDataJSON: formatBase64url(assertion.clientDataJson),
      signature: formatBase64url(assertion.signature),
    },
  };
}

/** A registration without attestation as a browser sends it (RegistrationResponseJSON, §5.1). */
export function formatRegistrationResponse(credential: SoftwareCredential, input: CeremonyInput) {
  const id = formatBase64url(credential.credentialId);
  const flags = (input.flags ?? PRESENT_AND_VERIFIED) | AUTHENTICATOR_FLAGS.attested;
  const length = credential.credentialId.length;
  const data = concatBytes(
    formatAuthenticatorData(input, flags),
    new Uint8Array(16),
    Uint8Array.of(length >>> 8, length & 0xff),
    credential.credentialId,
    softwarePublicKey(credential.secret),
  );
  const attestation = concatBytes(
    Uint8Array.of(0xa3, 0x63),
    utf8('fmt'),
    Uint8Array.of(0x64),
    utf8('none'),
    Uint8Array.of(0x67),
    utf8('attStmt'),
    Uint8Array.of(0xa0, 0x68),
    utf8('authData'),
    data.length < 256
      ? Uint8Array.of(0x58, data.length)
      : Uint8Array.of(0x59, data.length >>> 8, data.length & 0xff),
    data,
  );
  return {
    id,
    rawId: id,
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON: formatBase64url(formatClientData(input, input.type ?? 'webauthn.create')),
      attestationObject: formatBase64url(attestation),
      transports: ['internal'],
    },
  };
}

function formatAuthenticatorData({ rpId, signCount }: CeremonyInput, flags: number): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, signCount);
  return concatBytes(sha256(utf8(rpId)), Uint8Array.of(flags), count);
}

function formatClientData({ challenge, origin }: CeremonyInput, type: string): Uint8Array {
  return utf8(JSON.stringify({ type, challenge: formatBase64url(challenge), origin, crossOrigin: false }));
}
