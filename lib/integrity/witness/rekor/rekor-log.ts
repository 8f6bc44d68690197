/**
 * A pinned Rekor log: its key, and what its checkpoints and entries call it. Rekor v1 signs with ECDSA, v2 with Ed25519:
 *
 *   log id, ECDSA     SHA-256(SPKI)
 *   log id, Ed25519   SHA-256(origin ‖ 0x0A ‖ 0x01 ‖ 32 key bytes)      (C2SP signed-note, uncut)
 *   key id of a checkpoint's signature line = the first four bytes of the log id
 *
 * Worked example: the public v1 log, `rekor.sigstore.dev`, has the log id
 * c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d and signs its checkpoints as c0d23d6a.
 */
import { concatBytes, equalBytes, utf8 } from '@/lib/core/bytes';
import { parseEcdsaPublicKey, verifyEcdsa } from '@/lib/core/ecdsa';
import { parsePublicKey, verifyEd25519 } from '@/lib/core/ed25519';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import type { CheckRoot } from '@/lib/integrity/check';

export interface PinnedLog {
  /** Host name of the log: first line of v2 checkpoints, first word of v1's, name in its signature lines. */
  readonly origin: string;
  /** SPKI DER. */
  readonly publicKey: Uint8Array;
  /** When the key began and ceased to count, both inclusive, milliseconds since the Unix epoch. */
  readonly validFromMs?: number;
  readonly validUntilMs?: number;
}

export interface RekorLog extends PinnedLog {
  readonly logId: Uint8Array;
  /** Eight hex digits. */
  readonly keyId: string;
  readonly root: CheckRoot;
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

const ED25519_SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const HASH_OF_CURVE = { 'p-256': 'sha-256', 'p-384': 'sha-384', 'p-521': 'sha-512' } as const;

/** Refuses keys of other kinds, weak ones and points off the curve. */
export function readRekorLog(pinned: PinnedLog): Result<RekorLog, 'key_unsupported'> {
  const { origin, publicKey } = pinned;
  const root = { name: origin, fingerprint: formatDigest('sha-256', sha256(publicKey)) };
  if (equalBytes(publicKey.subarray(0, ED25519_SPKI.length), ED25519_SPKI)) {
    const key = parsePublicKey(publicKey.subarray(ED25519_SPKI.length));
    if (!key.ok) return err('key_unsupported', key.code);
    const logId = sha256(concatBytes(utf8(origin), Uint8Array.of(0x0a, 0x01), key.value));
    const verify = (message: Uint8Array, signature: Uint8Array): boolean =>
      verifyEd25519(key.value, message, signature);
    return ok({ ...pinned, logId, keyId: formatHex(logId.subarray(0, 4)), root, verify });
  }
  const key = parseEcdsaPublicKey(publicKey);
  if (!key.ok) return err('key_unsupported', key.code);
  const logId = sha256(publicKey);
  const hash = HASH_OF_CURVE[key.value.curve];
  const verify = (message: Uint8Array, signature: Uint8Array): boolean =>
    verifyEcdsa({ publicKey, message, hash, signature, encoding: 'der' });
  return ok({ ...pinned, logId, keyId: formatHex(logId.subarray(0, 4)), root, verify });
}
