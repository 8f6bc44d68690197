/**
 * Which certificate the signer says it signed with (ESS, RFC 2634 §5.4 and RFC 5035 §3). It is a signed attribute, so that
 * nobody can put another certificate of the same key beside the signature.
 *
 *   SigningCertificate   ::= SEQUENCE { SEQUENCE OF SEQUENCE { certHash (SHA-1), issuerSerial OPTIONAL }, … }
 *   SigningCertificateV2 ::= SEQUENCE { SEQUENCE OF SEQUENCE { hashAlgorithm DEFAULT SHA-256, certHash,
 *                                                              issuerSerial OPTIONAL }, … }
 *   issuerSerial         ::= SEQUENCE { SEQUENCE { [4] Name }, serialNumber INTEGER }
 */
import { equalBytes } from '@/lib/core/bytes';
import { SHA_HASHES, type ShaAlgorithm } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { hashOf, readAlgorithmIdentifier } from '@/lib/integrity/witness/x509/algorithm-identifier';
import type { Certificate } from '@/lib/integrity/witness/x509/certificate';
import {
  contentsOf,
  type DerNode,
  derOf,
  explicitOf,
  sequenceOf,
  universalTagOf,
} from '@/lib/integrity/witness/x509/der';

/** The first reference of the attribute, which is the signer's own. */
export interface SigningCertificate {
  readonly hash: ShaAlgorithm;
  readonly digest: Uint8Array;
  readonly issuer: Uint8Array | null;
  readonly serialNumber: Uint8Array | null;
}

export type SigningCertificateCode = 'ess_syntax' | 'ess_algorithm';

/** Version 1 has SHA-1 by its definition; version 2 must not go back to it. */
export function readSigningCertificate(
  value: DerNode,
  version: 1 | 2,
): Result<SigningCertificate, SigningCertificateCode> {
  const [certificates, policies, ...more] = sequenceOf(value);
  if (universalTagOf(certificates) !== 16 || more.length > 0) return err('ess_syntax');
  if (policies && universalTagOf(policies) !== 16) return err('ess_syntax');
  const parts = [...sequenceOf(sequenceOf(certificates)[0])];
  let hash: ShaAlgorithm | null = version === 1 ? 'sha-1' : 'sha-256';
  if (version === 2 && universalTagOf(parts[0]) === 16) {
    const algorithm = readAlgorithmIdentifier(parts.shift());
    hash = algorithm.ok ? hashOf(algorithm.value) : null;
    if (hash === null || hash === 'sha-1') return err('ess_algorithm');
  }
  const [digest, issuerSerial, ...rest] = parts;
  if (!digest || universalTagOf(digest) !== 4 || rest.length > 0) return err('ess_syntax');
  if (!issuerSerial) return ok({ hash, digest: contentsOf(digest), issuer: null, serialNumber: null });
  const [names, serial, ...extra] = sequenceOf(issuerSerial);
  const [directory, ...otherNames] = sequenceOf(names);
  const issuer = explicitOf(directory, 4);
  if (!issuer || !serial || universalTagOf(serial) !== 2 || otherNames.length + extra.length > 0) {
    return err('ess_syntax');
  }
  return ok({ hash, digest: contentsOf(digest), issuer: derOf(issuer), serialNumber: contentsOf(serial) });
}

export function isSigningCertificate(reference: SigningCertificate, certificate: Certificate): boolean {
  const { hash, digest, issuer, serialNumber } = reference;
  return (
    equalBytes(SHA_HASHES[hash](certificate.der), digest) &&
    (issuer === null || equalBytes(issuer, certificate.issuer)) &&
    (serialNumber === null || equalBytes(serialNumber, certificate.serialNumber))
  );
}
