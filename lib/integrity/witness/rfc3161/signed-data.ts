/**
 * The CMS envelope of a time stamp (RFC 5652 §5), walked over the DER tree so that every byte that was signed or hashed is
 * the byte that was read. Certificates of any other kind than X.509 are skipped: Microsoft's tokens carry attribute
 * certificates, on which pkijs and OpenSSL's `ts` give up.
 *
 *   ContentInfo ::= SEQUENCE { OID signedData, [0] SEQUENCE { version, digestAlgorithms SET,
 *     encapContentInfo SEQUENCE { eContentType OID, [0] OCTET STRING }, certificates [0] OPTIONAL, crls [1] OPTIONAL,
 *     signerInfos SET OF SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0], signatureAlgorithm,
 *       signature OCTET STRING, unsignedAttrs [1] OPTIONAL } } }
 */
import { formatHex } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import {
  type AlgorithmIdentifier,
  readAlgorithmIdentifier,
  readOid,
} from '@/lib/integrity/witness/x509/algorithm-identifier';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import {
  childrenOf,
  contentsOf,
  contextTagOf,
  type DerNode,
  derOf,
  explicitOf,
  sequenceOf,
  universalTagOf,
} from '@/lib/integrity/witness/x509/der';

export interface SignedData {
  readonly contentType: string;
  readonly content: Uint8Array;
  /** The X.509 certificates that could be read. Unsigned: anyone can have put them there. */
  readonly certificates: readonly Certificate[];
  readonly signers: readonly SignerInfo[];
}

export interface SignerInfo {
  /** Names the signer; null when it is named by a key identifier. */
  readonly issuer: Uint8Array | null;
  readonly serialNumber: Uint8Array | null;
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly digestAlgorithmDer: Uint8Array;
  /** What the signature covers: the attributes' DER with the tag of a SET in place of [0] (RFC 5652 §5.4). */
  readonly signedBytes: Uint8Array | null;
  /** Type and values of every signed attribute, in order. */
  readonly attributes: readonly { readonly type: string; readonly values: readonly DerNode[] }[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const MAX_CERTIFICATES = 32;
/** 3 for content that is not plain data; 4 and 5 where other kinds of certificates came along (RFC 5652 §5.1). */
const VERSIONS = ['3', '4', '5'];

export function readSignedData(contentInfo: DerNode): Result<SignedData, 'cms_syntax'> {
  const [contentType, explicit, ...more] = sequenceOf(contentInfo);
  if (readOid(contentType) !== OID_SIGNED_DATA || more.length > 0)
    return err('cms_syntax', 'not a SignedData');
  const [version, digestAlgorithms, encapsulated, ...rest] = sequenceOf(explicitOf(explicit, 0));
  const signerInfos = rest.at(-1);
  const [type, wrapped] = sequenceOf(encapsulated);
  const content = explicitOf(wrapped, 0);
  const eContentType = readOid(type);
  if (universalTagOf(version) !== 2 || universalTagOf(digestAlgorithms) !== 17 || eContentType === null) {
    return err('cms_syntax', 'fields are missing');
  }
  if (!content || universalTagOf(content) !== 4) return err('cms_syntax', 'no content inside');
  if (universalTagOf(signerInfos) !== 17) return err('cms_syntax', 'no signers');
  const optional = rest.slice(0, -1).map(contextTagOf);
  if (!['', '0', '1', '0,1'].includes(optional.join())) return err('cms_syntax', 'unexpected fields');
  const signers: SignerInfo[] = [];
  for (const node of childrenOf(signerInfos)) {
    const signer = readSignerInfo(node);
    if (!signer.ok) return signer;
    signers.push(signer.value);
  }
  // Nobody signed these two; held to what the standard says, they cannot be changed unnoticed either.
  if (!version || !VERSIONS.includes(contentsOf(version).join())) return err('cms_syntax', 'version');
  const listed = childrenOf(digestAlgorithms).map((algorithm) => formatHex(derOf(algorithm)));
  if (!signers.every(({ digestAlgorithmDer }) => listed.includes(formatHex(digestAlgorithmDer)))) {
    return err('cms_syntax', 'digest algorithms');
  }
  const bag = rest.find((node) => contextTagOf(node) === 0);
  return ok({
    contentType: eContentType,
    content: contentsOf(content),
    certificates: readCertificates(bag),
    signers,
  });
}

function readCertificates(bag: DerNode | undefined): Certificate[] {
  return childrenOf(bag)
    .filter((node) => universalTagOf(node) === 16)
    .slice(0, MAX_CERTIFICATES)
    .flatMap((node) => {
      const certificate = parseCertificate(derOf(node));
      return certificate.ok ? [certificate.value] : [];
    });
}

function readSignerInfo(node: DerNode): Result<SignerInfo, 'cms_syntax'> {
  const [version, sid, digest, ...rest] = sequenceOf(node);
  const signedAttributes = contextTagOf(rest[0]) === 0 ? rest[0] : undefined;
  const [algorithm, signature, unsigned, ...more] = signedAttributes ? rest.slice(1) : rest;
  const digestAlgorithm = readAlgorithmIdentifier(digest);
  const signatureAlgorithm = readAlgorithmIdentifier(algorithm);
  const attributes = childrenOf(signedAttributes).map(readAttribute);
  const isByName = universalTagOf(sid) === 16;
  if (!version || !sid || !digestAlgorithm.ok || !signatureAlgorithm.ok || universalTagOf(signature) !== 4) {
    return err('cms_syntax', 'signer');
  }
  if (more.length > 0 || (unsigned && contextTagOf(unsigned) !== 1)) return err('cms_syntax', 'signer');
  if (universalTagOf(version) !== 2 || contentsOf(version).join() !== (isByName ? '1' : '3'))
    return err('cms_syntax', 'version of the signer');
  if (attributes.includes(null)) return err('cms_syntax', 'signed attributes');
  const [issuer, serial] = isByName ? sequenceOf(sid) : [];
  if (isByName && (!issuer || !serial || universalTagOf(serial) !== 2))
    return err('cms_syntax', 'name of the signer');
  return ok({
    issuer: issuer ? derOf(issuer) : null,
    serialNumber: serial ? contentsOf(serial) : null,
    digestAlgorithm: digestAlgorithm.value,
    digestAlgorithmDer: derOf(digest as DerNode),
    signedBytes: signedAttributes ? retagAsSet(derOf(signedAttributes)) : null,
    attributes: attributes.filter((attribute) => attribute !== null),
    signatureAlgorithm: signatureAlgorithm.value,
    signature: contentsOf(signature as DerNode),
  });
}

function readAttribute(node: DerNode): { type: string; values: readonly DerNode[] } | null {
  const [typeNode, values, ...more] = sequenceOf(node);
  const type = readOid(typeNode);
  if (type === null || universalTagOf(values) !== 17 || more.length > 0) return null;
  return { type, values: childrenOf(values) };
}

function retagAsSet(der: Uint8Array): Uint8Array {
  const set = der.slice();
  set[0] = 0x31;
  return set;
}
