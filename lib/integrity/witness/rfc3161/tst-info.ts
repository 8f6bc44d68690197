/**
 * What a time-stamping authority signs (RFC 3161 §2.4.2):
 *
 *   TSTInfo ::= SEQUENCE { version INTEGER 1, policy OBJECT IDENTIFIER,
 *     messageImprint SEQUENCE { hashAlgorithm, hashedMessage OCTET STRING }, serialNumber INTEGER,
 *     genTime GeneralizedTime, accuracy SEQUENCE OPTIONAL, ordering BOOLEAN OPTIONAL, nonce INTEGER OPTIONAL,
 *     tsa [0] OPTIONAL, extensions [1] OPTIONAL }
 */
import { formatHex } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import {
  type AlgorithmIdentifier,
  readAlgorithmIdentifier,
  readOid,
} from '@/lib/integrity/witness/x509/algorithm-identifier';
import { parseAsn1Time } from '@/lib/integrity/witness/x509/asn1-time';
import {
  childrenOf,
  contentsOf,
  contextTagOf,
  type DerNode,
  parseDer,
  sequenceOf,
  universalTagOf,
} from '@/lib/integrity/witness/x509/der';

export interface TstInfo {
  /** OID of the authority's policy. */
  readonly policy: string;
  readonly imprint: { readonly algorithm: AlgorithmIdentifier; readonly digest: Uint8Array };
  /** Contents of the INTEGER in hex. */
  readonly serialNumber: string;
  /** Milliseconds since the Unix epoch, finer fractions cut off. */
  readonly genTimeMs: number;
  /** Contents of the INTEGER, or null. */
  readonly nonce: Uint8Array | null;
}

export type TstInfoCode =
  | 'tst_info_syntax'
  | 'tst_info_version'
  | 'tst_info_time'
  | 'tst_info_critical_extension';

const MAX_TST_INFO_BYTES = 16_384;
/** Accuracy, ordering, nonce, tsa, extensions: by universal or context tag, each at most once and in this order. */
const OPTIONAL: readonly ((node: DerNode) => boolean)[] = [
  (node) => universalTagOf(node) === 16,
  (node) => universalTagOf(node) === 1,
  (node) => universalTagOf(node) === 2,
  (node) => contextTagOf(node) === 0,
  (node) => contextTagOf(node) === 1,
];
const NONCE_FIELD = 2;
const EXTENSIONS_FIELD = 4;

export function parseTstInfo(der: Uint8Array): Result<TstInfo, TstInfoCode> {
  const root = parseDer(der, MAX_TST_INFO_BYTES);
  if (!root.ok) return err('tst_info_syntax', root.detail ?? root.code);
  const [version, policyNode, imprint, serial, genTime, ...rest] = sequenceOf(root.value);
  const policy = readOid(policyNode);
  const [hashAlgorithm, hashedMessage] = sequenceOf(imprint);
  const algorithm = readAlgorithmIdentifier(hashAlgorithm);
  const optional = readOptional(rest);
  if (universalTagOf(version) !== 2 || policy === null || !algorithm.ok || !optional)
    return err('tst_info_syntax');
  if (universalTagOf(hashedMessage) !== 4 || universalTagOf(serial) !== 2) return err('tst_info_syntax');
  const [versionNumber] = contentsOf(version as DerNode);
  if (versionNumber !== 1) return err('tst_info_version', `version ${versionNumber}`);
  const time = universalTagOf(genTime) === 24 ? parseAsn1Time(genTime) : err('time_syntax');
  if (!time.ok) return err('tst_info_time');
  if (hasCriticalExtension(optional[EXTENSIONS_FIELD])) return err('tst_info_critical_extension');
  const nonce = optional[NONCE_FIELD];
  return ok({
    policy,
    imprint: { algorithm: algorithm.value, digest: contentsOf(hashedMessage as DerNode) },
    serialNumber: formatHex(contentsOf(serial as DerNode)),
    genTimeMs: time.value,
    nonce: nonce ? contentsOf(nonce) : null,
  });
}

/** One slot for every optional field; null when something else stands there. */
function readOptional(nodes: readonly DerNode[]): (DerNode | undefined)[] | null {
  const slots: (DerNode | undefined)[] = OPTIONAL.map(() => undefined);
  let field = 0;
  for (const node of nodes) {
    while (field < OPTIONAL.length && !OPTIONAL[field]?.(node)) field += 1;
    if (field === OPTIONAL.length) return null;
    slots[field] = node;
    field += 1;
  }
  return slots;
}

/** No extension of TSTInfo is known here, so a critical one refuses (as in RFC 5280 §4.2). */
function hasCriticalExtension(extensions: DerNode | undefined): boolean {
  return childrenOf(extensions).some((extension) =>
    childrenOf(extension).some((part) => universalTagOf(part) === 1 && contentsOf(part)[0] === 0xff),
  );
}
