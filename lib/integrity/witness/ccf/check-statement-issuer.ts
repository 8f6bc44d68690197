import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { SHA_HASHES, type ShaAlgorithm } from '@/lib/core/hash';
import type { Check } from '@/lib/integrity/check';
import { type CborValue, isCborArray, isCborMap } from '@/lib/integrity/witness/ccf/cbor';
import { algorithmOf, type CoseSign1, HEADER, verifyCoseSign1 } from '@/lib/integrity/witness/ccf/cose-sign1';
import { ledgerLine } from '@/lib/integrity/witness/ccf/ledger-lines';
import { invalid, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import { parseCertificate } from '@/lib/integrity/witness/x509/certificate';

const MAX_CERTIFICATES = 16;
const HASHES: ReadonlyMap<CborValue | undefined, ShaAlgorithm> = new Map<CborValue | undefined, ShaAlgorithm>(
  [
    [-16, 'sha-256'],
    [-43, 'sha-384'],
    [-44, 'sha-512'],
  ],
);

/**
 * The statement's own signature, under the first certificate of its signed header (x5chain, RFC 9360 §2). Who that is (the
 * rest of the chain, did:x509) is not evaluated, and the line says so.
 */
export async function checkIssuer(statement: CoseSign1): Promise<Check> {
  const issuer = issuerOf(statement);
  const compared = `the signature with header and content, under the certificate that the statement itself carries; whose it is${issuer ? ` (${issuer})` : ''} is not looked into`;
  const chain = readChain(statement.protectedHeader.get(HEADER.certificates));
  if (chain === null) return ledgerLine('issuer', compared, invalid('cose_certificate'));
  const [leaf] = chain;
  if (!leaf) {
    const reason = 'the statement carries no certificate in its signed header';
    return ledgerLine('issuer', compared, notChecked(reason));
  }
  const certificate = parseCertificate(leaf);
  if (!certificate.ok) return ledgerLine('issuer', compared, invalid('cose_certificate'));
  const key = certificate.value.subjectName;
  const named = digestMismatch(statement.protectedHeader.get(HEADER.certificateDigest), leaf);
  if (named) return ledgerLine('issuer', compared, invalid('cose_certificate_mismatch', named), { key });
  if (!statement.payload) {
    return ledgerLine('issuer', compared, notChecked('the statement does not carry its content'), { key });
  }
  const isValid = await verifyCoseSign1(statement, certificate.value.publicKey, statement.payload);
  if (isValid === undefined) {
    const algorithm = algorithmOf(statement);
    const reason = algorithm
      ? `${algorithm} cannot be verified in this host`
      : 'the signature algorithm is not known here';
    return ledgerLine('issuer', compared, notChecked(reason), { key });
  }
  return ledgerLine('issuer', compared, isValid ? VALID : invalid('cose_signature_invalid'), { key });
}

function issuerOf({ protectedHeader }: CoseSign1): string | null {
  const claims = protectedHeader.get(HEADER.cwtClaims);
  const issuer = isCborMap(claims) ? claims.get(1) : undefined;
  return typeof issuer === 'string' ? issuer.slice(0, 200) : null;
}

/** One certificate, or a list of at least one; null for anything else, empty where there is none. */
function readChain(value: CborValue | undefined): Uint8Array[] | null {
  if (value === undefined) return [];
  if (value instanceof Uint8Array) return [value];
  if (!isCborArray(value) || value.length === 0 || value.length > MAX_CERTIFICATES) return null;
  const chain = value.flatMap((one) => (one instanceof Uint8Array ? [one] : []));
  return chain.length === value.length ? chain : null;
}

/** x5t (RFC 9360 §2), `[hash, digest]`, where it is there; a hash that is not known here names nothing. */
function digestMismatch(
  value: CborValue | undefined,
  leaf: Uint8Array,
): { expected: string; computed: string } | null {
  if (!isCborArray(value)) return null;
  const [algorithm, digest] = value;
  const hash = HASHES.get(algorithm);
  if (!hash || !(digest instanceof Uint8Array)) return null;
  const computed = SHA_HASHES[hash](leaf);
  if (equalBytes(computed, digest)) return null;
  return { expected: formatHex(digest).slice(0, 128), computed: formatHex(computed) };
}
