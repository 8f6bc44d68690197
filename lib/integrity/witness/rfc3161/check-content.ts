/** The lines about what was stamped: they need no certificate. */
import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { SHA_HASHES } from '@/lib/core/hash';
import type { Check } from '@/lib/integrity/check';
import { invalid, type LineOutcome, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import type { SignedData, SignerInfo } from '@/lib/integrity/witness/rfc3161/signed-data';
import {
  type TimestampLineCode,
  timestampLine,
  WEAK_HASH,
} from '@/lib/integrity/witness/rfc3161/timestamp-lines';
import type { TstInfo } from '@/lib/integrity/witness/rfc3161/tst-info';
import { digestOfStamped } from '@/lib/integrity/witness/stamped-digest';
import type { Stamped } from '@/lib/integrity/witness/witness-report';
import { hashOf, readOid } from '@/lib/integrity/witness/x509/algorithm-identifier';
import { contentsOf, type DerNode, universalTagOf } from '@/lib/integrity/witness/x509/der';

const OID_TST_INFO = '1.2.840.113549.1.9.16.1.4';
export const OID_CONTENT_TYPE = '1.2.840.113549.1.9.3';
export const OID_MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

/** The imprint is of SHA-256, SHA-384 or SHA-512 and equal to the digest of what was stamped. */
export function checkImprint({ imprint }: TstInfo, stamped: Stamped): Check {
  const hash = hashOf(imprint.algorithm);
  if (hash === null || hash === 'sha-1') {
    const named = hash ?? imprint.algorithm.oid;
    const compared = `the digest that was stamped with the bytes: it is of ${named}, which proves nothing here`;
    return timestampLine('imprint', compared, invalid('imprint_algorithm', { computed: named }));
  }
  const compared = `${hash.toUpperCase()} of the stamped bytes with the imprint in the time stamp`;
  const digest = digestOfStamped(stamped, hash);
  if (!digest) {
    const reason = `the imprint is of ${hash}, and of the bytes only a digest by another algorithm is at hand`;
    return timestampLine('imprint', compared, notChecked(reason));
  }
  if (equalBytes(digest, imprint.digest)) return timestampLine('imprint', compared, VALID);
  const held = { expected: formatHex(digest), computed: formatHex(imprint.digest) };
  return timestampLine('imprint', compared, invalid('imprint_mismatch', held));
}

/** The nonce of the request, as an unsigned number, came back. */
export function checkNonce({ nonce }: TstInfo, sent: Uint8Array): Check {
  const expected = formatHex(withoutZeros(sent));
  const computed = nonce === null ? 'none' : formatHex(withoutZeros(nonce));
  const isNegative = nonce !== null && ((nonce[0] as number) & 0x80) !== 0;
  const outcome: LineOutcome<TimestampLineCode> =
    computed === expected && !isNegative ? VALID : invalid('nonce_mismatch', { expected, computed });
  return timestampLine('nonce', 'the nonce that was sent with the one in the time stamp', outcome);
}

/** Both places that name the kind of content say TSTInfo. */
export function checkContentType({ contentType }: SignedData, signer: SignerInfo | null): Check {
  const compared = 'the kind of content, in the envelope and among the signed attributes, with TSTInfo';
  if (contentType !== OID_TST_INFO) {
    const held = { expected: OID_TST_INFO, computed: contentType };
    return timestampLine('content-type', compared, invalid('content_type', held));
  }
  if (!signer) return timestampLine('content-type', compared, notChecked('there is not exactly one signer'));
  const signed = readOid(singleValue(signer, OID_CONTENT_TYPE) ?? undefined);
  if (signed === OID_TST_INFO) return timestampLine('content-type', compared, VALID);
  const held = { expected: OID_TST_INFO, computed: signed ?? 'none' };
  return timestampLine('content-type', compared, invalid('content_type', held));
}

/** The signed message digest is that of the content, under the digest algorithm of the signer. */
export function checkDigest({ content }: SignedData, signer: SignerInfo | null): Check {
  const what = 'the content with the digest among the signed attributes';
  if (!signer) return timestampLine('digest', what, notChecked('there is not exactly one signer'));
  const hash = hashOf(signer.digestAlgorithm);
  if (hash === null) {
    const reason = `the digest algorithm ${signer.digestAlgorithm.oid} is not known here`;
    return timestampLine('digest', what, notChecked(reason));
  }
  const compared = `${hash.toUpperCase()} of the content with the digest among the signed attributes`;
  const node = singleValue(signer, OID_MESSAGE_DIGEST);
  const signed = node && universalTagOf(node) === 4 ? contentsOf(node) : null;
  const digest = SHA_HASHES[hash](content);
  if (!signed || !equalBytes(signed, digest)) {
    const held = { expected: signed ? formatHex(signed) : 'none', computed: formatHex(digest) };
    return timestampLine('digest', compared, invalid('digest_mismatch', held));
  }
  return timestampLine('digest', compared, hash === 'sha-1' ? notChecked(WEAK_HASH) : VALID);
}

/** The one value of an attribute that stands there once; null otherwise. */
export function singleValue({ attributes }: SignerInfo, type: string): DerNode | null {
  const [attribute, ...more] = attributes.filter((candidate) => candidate.type === type);
  return attribute?.values.length === 1 && more.length === 0 ? (attribute.values[0] as DerNode) : null;
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array(0) : bytes.subarray(first);
}
