import { parseEcdsaPublicKey } from '@/lib/core/ecdsa';
import { formatBase64 } from '@/lib/core/encoding';
import { err, type Result } from '@/lib/core/result';
import { parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import type { PemBlock } from './read-pem';
import { withFingerprint } from './root-bytes';
import type { TrustErrorCode } from './trust-error';
import type { TrustHints } from './trust-hints';
import type { TrustRoot, TrustRootOf } from './trust-root';

const OID_TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/**
 * A certificate or public key in DER as a root. A certificate is named by its subject and, without a hint, taken for what its
 * form says: CCF's own service certificate, or an authority under which time stamps are signed. Nothing in a bare key says
 * what it is to be believed for, so that without a hint it is not taken.
 */
export function readDerRoot(
  block: PemBlock,
  file: string,
  hints: TrustHints,
): Result<TrustRoot, TrustErrorCode> {
  if (block.label === 'CERTIFICATE') return readCertificate(block.der, hints);
  if (block.label !== 'PUBLIC KEY') return err('trust_unrecognised', 'PEM label');
  if (!isOneSequence(block.der)) return err('trust_key', 'not one DER value');
  return readPublicKey(block.der, formatBase64(block.der), (hints.name ?? file).slice(0, 200), hints);
}

function readCertificate(der: Uint8Array, hints: TrustHints): Result<TrustRoot, TrustErrorCode> {
  const certificate = parseCertificate(der);
  if (!certificate.ok) return err('trust_certificate', certificate.detail);
  const { subjectName, isCa, extendedKeyUsage } = certificate.value;
  const kind = hints.as ?? (/\bCCF\b/.test(subjectName) ? 'ledger-service' : 'timestamp-authority');
  if (kind !== 'timestamp-authority' && kind !== 'ledger-service')
    return err('trust_kind_needed', 'certificate');
  const stamps = extendedKeyUsage?.purposes.includes(OID_TIME_STAMPING) ?? false;
  if (kind === 'timestamp-authority' && !isCa && !stamps)
    return err('trust_certificate', 'neither an authority nor a time-stamping certificate');
  return withFingerprint<TrustRootOf<'timestamp-authority'> | TrustRootOf<'ledger-service'>>({
    kind,
    name: (hints.name ?? subjectName).slice(0, 200) || 'certificate without a subject',
    certificate: formatBase64(der),
  });
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
