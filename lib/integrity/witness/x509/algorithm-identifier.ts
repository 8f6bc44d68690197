/** `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }` (RFC 5280 §4.1.1.2). */
import { ObjectIdentifier } from 'asn1js';
import type { ShaAlgorithm } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import { type DerNode, sequenceOf, universalTagOf } from '@/lib/integrity/witness/x509/der';

export interface AlgorithmIdentifier {
  readonly oid: string;
  /** Absent and NULL are both null: RFC 4055 and RFC 5754 accept either for hashes and RSA. */
  readonly parameters: DerNode | null;
}

const HASHES: Readonly<Record<string, ShaAlgorithm>> = {
  '1.3.14.3.2.26': 'sha-1',
  '2.16.840.1.101.3.4.2.1': 'sha-256',
  '2.16.840.1.101.3.4.2.2': 'sha-384',
  '2.16.840.1.101.3.4.2.3': 'sha-512',
};

export function readAlgorithmIdentifier(
  node: DerNode | undefined,
): Result<AlgorithmIdentifier, 'algorithm_syntax'> {
  const [algorithm, parameters, ...more] = sequenceOf(node);
  const oid = readOid(algorithm);
  if (oid === null || more.length > 0) return err('algorithm_syntax');
  return ok({ oid, parameters: parameters && universalTagOf(parameters) !== 5 ? parameters : null });
}

/** Dotted text of an OBJECT IDENTIFIER; null for anything else. */
export function readOid(node: DerNode | undefined): string | null {
  return node instanceof ObjectIdentifier ? node.getValue() : null;
}

/** The hash that an algorithm identifier without parameters names; null for any other. */
export function hashOf({ oid, parameters }: AlgorithmIdentifier): ShaAlgorithm | null {
  return parameters === null && Object.hasOwn(HASHES, oid) ? (HASHES[oid] as ShaAlgorithm) : null;
}
