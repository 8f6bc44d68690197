import { parseEcdsaPublicKey } from '@/lib/core/ecdsa';
import { formatBase64 } from '@/lib/core/encoding';
import { err, type Result } from '@/lib/core/result';
import type { TrustHints } from './parse-trust-json';
import type { PemBlock } from './read-pem';
import { withFingerprint } from './root-bytes';
import type { TrustErrorCode } from './trust-error';
import type { TrustRoot, TrustRootOf } from './trust-root';

/**
 * A certificate or public key in DER as a root of the kind that `hints.as` says. Nothing in a bare key says what it is to be
 * believed for, so without a hint it is not taken.
 */
export function readDerRoot(
  block: PemBlock,
  file: string,
  hints: TrustHints,
): Result<TrustRoot, TrustErrorCode> {
  if (!isOneSequence(block.der)) return err('trust_certificate', 'not one DER value');
  const encoded = formatBase64(block.der);
  const name = (hints.name ?? file).slice(0, 200);
  if (block.label === 'CERTIFICATE') {
    if (hints.as === 'timestamp-authority' || hints.as === 'ledger-service') {
      return withFingerprint<TrustRootOf<'timestamp-authority'> | TrustRootOf<'ledger-service'>>({
        kind: hints.as,
        name,
        certificate: encoded,
      });
    }
    return err('trust_kind_needed', 'certificate');
  }
  if (block.label !== 'PUBLIC KEY') return err('trust_unrecognised', 'PEM label');
  return readPublicKey(block.der, encoded, name, hints);
}

function readPublicKey(
  der: Uint8Array,
  publicKey: string,
  name: string,
  hints: TrustHints,
): Result<TrustRoot, TrustErrorCode> {
  switch (hints.as) {
    case 'rekor-log':
      return withFingerprint<TrustRootOf<'rekor-log'>>({
        kind: 'rekor-log',
        name,
        publicKey,
        origin: (hints.origin ?? name).slice(0, 200),
      });
    case 'anchor-key':
    case 'ledger-key': {
      const key = parseEcdsaPublicKey(der);
      if (!key.ok) return err('trust_key', key.code);
      return withFingerprint<TrustRootOf<'anchor-key'> | TrustRootOf<'ledger-key'>>({
        kind: hints.as,
        name,
        publicKey,
      });
    }
    case 'store-audit-key':
      return withFingerprint<TrustRootOf<'store-audit-key'>>({ kind: 'store-audit-key', name, publicKey });
    default:
      return err('trust_kind_needed', 'public key');
  }
}

/** A SEQUENCE with a definite, minimal length that ends where the bytes end. */
function isOneSequence(der: Uint8Array): boolean {
  const [tag, first = 0, second = 0, third = 0] = der;
  if (tag !== 0x30) return false;
  if (first < 0x80) return der.length === first + 2;
  if (first === 0x81) return second >= 0x80 && der.length === second + 3;
  return first === 0x82 && second > 0 && der.length === second * 256 + third + 4;
}
