/**
 * Authenticator data (WebAuthn Level 3 §6.1): `rpIdHash (32) ‖ flags (1) ‖ signCount (u32be)`, and extensions when the
 * flags announce them. An assertion carries no attested credential.
 */
import { err, ok, type Result } from '@/lib/core/result';
import { isCborMap, parseCbor } from '@/lib/integrity/witness/ccf/cbor';

export interface AuthenticatorData {
  rpIdHash: Uint8Array;
  userPresent: boolean;
  userVerified: boolean;
  /** 0 from authenticators that do not count. */
  signCount: number;
}

const LENGTH = 37;

export const AUTHENTICATOR_FLAGS = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
  extensions: 0x80,
} as const;

/** Reads the authenticator data of an assertion; bytes that its flags do not announce are refused. */
export function parseAssertionData(bytes: Uint8Array): Result<AuthenticatorData, 'authenticator_data'> {
  const flags = bytes[32];
  if (bytes.length < LENGTH || flags === undefined) return err('authenticator_data', 'too short');
  const has = (flag: keyof typeof AUTHENTICATOR_FLAGS) => (flags & AUTHENTICATOR_FLAGS[flag]) !== 0;
  if (has('attested')) return err('authenticator_data', 'an attested credential in an assertion');
  if (has('backedUp') && !has('backupEligible')) return err('authenticator_data', 'backed up, not eligible');
  const rest = bytes.subarray(LENGTH);
  if (has('extensions')) {
    const extensions = parseCbor(rest);
    if (!extensions.ok || !isCborMap(extensions.value)) return err('authenticator_data', 'extensions');
  } else if (rest.length > 0) return err('authenticator_data', 'bytes behind it');
  return ok({
    rpIdHash: bytes.slice(0, 32),
    userPresent: has('userPresent'),
    userVerified: has('userVerified'),
    signCount: new DataView(bytes.buffer, bytes.byteOffset).getUint32(33),
  });
}
