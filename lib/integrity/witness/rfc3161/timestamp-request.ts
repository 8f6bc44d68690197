/**
 * What is asked of a time-stamping authority (RFC 3161 §2.4.1), sent as `application/timestamp-query`:
 *
 *   TimeStampReq ::= SEQUENCE { version INTEGER 1, messageImprint SEQUENCE { hashAlgorithm, hashedMessage OCTET STRING },
 *     reqPolicy OBJECT IDENTIFIER OPTIONAL, nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE, extensions [0] OPTIONAL }
 *
 * SHA-256 of "abc", nonce 0x0102, with the certificate, as DER in hex:
 *
 *   303d 020101 3031 300d 0609608648016503040201 0500 0420 ba7816bf…f20015ad 02020102 0101ff
 */
import { Boolean as Asn1Boolean, Integer, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import { concatBytes } from '@/lib/core/bytes';
import type { ShaAlgorithm } from '@/lib/core/hash';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { hashOf, readAlgorithmIdentifier, readOid } from '@/lib/integrity/witness/x509/algorithm-identifier';
import {
  contentsOf,
  contextTagOf,
  type DerNode,
  parseDer,
  sequenceOf,
  universalTagOf,
} from '@/lib/integrity/witness/x509/der';

export interface TimestampRequest {
  readonly hash: ShaAlgorithm;
  readonly digest: Uint8Array;
  /** OID of the policy that is wanted, or null for the authority's own. */
  readonly policy: string | null;
  /** An unsigned number, big-endian, or null. */
  readonly nonce: Uint8Array | null;
  readonly wantsCertificate: boolean;
}

export type TimestampRequestCode =
  | 'request_syntax'
  | 'request_version'
  | 'request_algorithm'
  | 'request_imprint_length'
  | 'request_extension';

const OID_SHA_256 = '2.16.840.1.101.3.4.2.1';
const MAX_REQUEST_BYTES = 4_096;
const DIGEST_BYTES: Readonly<Record<ShaAlgorithm, number>> = {
  'sha-1': 20,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/** DER of a request over a SHA-256 digest that wants the certificate back. */
export function formatTimestampRequest(request: {
  digest: Uint8Array;
  nonce: Uint8Array;
  policy?: string;
}): Uint8Array {
  const { digest, nonce, policy } = request;
  invariant(digest.length === 32, 'formatTimestampRequest: SHA-256 digest required');
  const sha256 = new Sequence({ value: [new ObjectIdentifier({ value: OID_SHA_256 }), new Null()] });
  const imprint = new Sequence({ value: [sha256, new OctetString({ valueHex: digest })] });
  const sequence = new Sequence({
    value: [
      new Integer({ value: 1 }),
      imprint,
      ...(policy === undefined ? [] : [new ObjectIdentifier({ value: policy })]),
      new Integer({ valueHex: unsigned(nonce) }),
      new Asn1Boolean({ value: true }),
    ],
  });
  return new Uint8Array(sequence.toBER());
}

/** Reads a request of at most 4 KiB. */
export function parseTimestampRequest(der: Uint8Array): Result<TimestampRequest, TimestampRequestCode> {
  const root = parseDer(der, MAX_REQUEST_BYTES);
  if (!root.ok) return err('request_syntax', root.detail ?? root.code);
  const [version, imprint, ...rest] = sequenceOf(root.value);
  const [algorithmNode, message, ...more] = sequenceOf(imprint);
  const algorithm = readAlgorithmIdentifier(algorithmNode);
  if (!version || universalTagOf(version) !== 2 || !algorithm.ok || more.length > 0)
    return err('request_syntax');
  if (!message || universalTagOf(message) !== 4) return err('request_syntax');
  if (contentsOf(version).join() !== '1') return err('request_version');
  const take = (isNext: (node: DerNode) => boolean): DerNode | undefined =>
    rest[0] && isNext(rest[0]) ? rest.shift() : undefined;
  const policy = take((node) => universalTagOf(node) === 6);
  const nonce = take((node) => universalTagOf(node) === 2);
  const certificate = take((node) => universalTagOf(node) === 1);
  if (take((node) => contextTagOf(node) === 0)) return err('request_extension');
  if (rest.length > 0) return err('request_syntax');
  const hash = hashOf(algorithm.value);
  if (hash === null) return err('request_algorithm', algorithm.value.oid);
  if (contentsOf(message).length !== DIGEST_BYTES[hash]) return err('request_imprint_length');
  return ok({
    hash,
    digest: contentsOf(message),
    policy: readOid(policy),
    nonce: nonce ? contentsOf(nonce) : null,
    wantsCertificate: certificate !== undefined && contentsOf(certificate)[0] === 0xff,
  });
}

/** Contents of a non-negative INTEGER: no needless zero, one in front where the first bit would say minus. */
function unsigned(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : number.subarray(first);
  return ((digits[0] as number) & 0x80) === 0 ? digits : concatBytes(Uint8Array.of(0), digits);
}
