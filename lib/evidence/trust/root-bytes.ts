import { jwkThumbprint, parsePublicKey } from '@/lib/core/ed25519';
import { parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { NOTE_KEY_TYPE, parseNoteKey } from '@/lib/integrity/note-key';
import type { TrustErrorCode } from './trust-error';
import type { TrustRoot } from './trust-root';

export const BLOCK_HEADER_BYTES = 80;

/** `sha-256:` over the bytes of a key, certificate or header. */
export function fingerprintOf(bytes: Uint8Array): string {
  return formatDigest('sha-256', sha256(bytes));
}

/**
 * The bytes that a root's fingerprint is over: 32 or 1,312 key bytes of a note key, 32 of an Ed25519 key, DER of a
 * certificate or SPKI, 80 of a block header. Refuses a key that does not fit its kind.
 */
export function rootBytes(root: TrustRoot): Result<Uint8Array, TrustErrorCode> {
  switch (root.kind) {
    case 'log':
    case 'witness': {
      const key = parseNoteKey(root.vkey);
      if (!key.ok) return err('trust_key', key.code);
      const isLog = key.value.type === NOTE_KEY_TYPE.ed25519;
      return isLog === (root.kind === 'log') ? ok(key.value.publicKey) : err('trust_key', 'note key type');
    }
    case 'timestamp-authority':
    case 'ledger-service':
      return decoded(root.certificate);
    case 'bitcoin-header': {
      const header = decoded(root.header);
      if (!header.ok) return header;
      return header.value.length === BLOCK_HEADER_BYTES ? header : err('trust_key', 'header length');
    }
    case 'stream-key':
    case 'approval-key': {
      const bytes = decoded(root.publicKey);
      const key = bytes.ok ? parsePublicKey(bytes.value) : bytes;
      if (!key.ok) return err('trust_key', key.code);
      if (root.kind === 'approval-key' && jwkThumbprint(key.value) !== root.kid)
        return err('trust_key', 'kid is not the thumbprint');
      return key;
    }
    default:
      return decoded(root.publicKey);
  }
}

function decoded(text: string): Result<Uint8Array, TrustErrorCode> {
  const bytes = parseBase64(text);
  return bytes.ok && bytes.value.length > 0 ? ok(bytes.value) : err('trust_key', 'base64');
}

/** A root whose fingerprint is computed, not believed. */
export function withFingerprint<R extends TrustRoot>(
  root: Omit<R, 'fingerprint'>,
): Result<R, TrustErrorCode> {
  const bytes = rootBytes({ ...root, fingerprint: '' } as unknown as TrustRoot);
  return bytes.ok ? ok({ ...root, fingerprint: fingerprintOf(bytes.value) } as R) : bytes;
}
