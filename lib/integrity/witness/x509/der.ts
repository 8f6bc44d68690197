/**
 * ASN.1 in DER (X.690 §10–11), read strictly and then handed to asn1js as a tree. What asn1js lets pass is refused here:
 * indefinite and needlessly long lengths, constructed strings, BOOLEANs other than 00 and FF, INTEGERs with needless
 * bytes, and anything behind the outermost element. One value has one spelling, so what was signed is what is read.
 */
import { type AsnType, Constructed, fromBER } from 'asn1js';
import { err, ok, type Result } from '@/lib/core/result';

export type DerNode = AsnType;
export type DerCode =
  | 'der_too_large'
  | 'der_truncated'
  | 'der_not_strict'
  | 'der_trailing_bytes'
  | 'der_syntax';

const MAX_DEPTH = 32;
const MAX_NODES = 8_000;

/** The one element that `bytes` are; at most `maxBytes` of them. Contents of OCTET and BIT STRINGs are left alone. */
export function parseDer(bytes: Uint8Array, maxBytes: number): Result<DerNode, DerCode> {
  if (bytes.length > maxBytes) return err('der_too_large', `more than ${maxBytes} bytes`);
  const end = walk(bytes, 0, bytes.length, 0);
  if (!end.ok) return end;
  if (end.value !== bytes.length)
    return err('der_trailing_bytes', `${bytes.length - end.value} bytes behind the end`);
  try {
    const { result, offset } = fromBER(bytes, {
      parseEmbedded: false,
      maxDepth: MAX_DEPTH + 1,
      maxNodes: MAX_NODES,
    });
    return offset === bytes.length && result.error === '' ? ok(result) : err('der_syntax');
  } catch {
    return err('der_syntax');
  }
}

/** The elements of a SEQUENCE, SET or constructed tag; none of anything else. */
export function childrenOf(node: DerNode | undefined): readonly DerNode[] {
  return node instanceof Constructed ? (node.valueBlock.value as DerNode[]) : [];
}

/** The elements of a SEQUENCE; none of anything else. */
export function sequenceOf(node: DerNode | undefined): readonly DerNode[] {
  return universalTagOf(node) === 16 ? childrenOf(node) : [];
}

/** The one element inside an explicit context tag; undefined for anything else. */
export function explicitOf(node: DerNode | undefined, tag: number): DerNode | undefined {
  const [inner, ...more] = contextTagOf(node) === tag ? childrenOf(node) : [];
  return more.length === 0 ? inner : undefined;
}

/** Tag, length and contents, as they were read. */
export function derOf(node: DerNode): Uint8Array {
  return node.valueBeforeDecodeView;
}

/** The contents alone, as they were read. */
export function contentsOf(node: DerNode): Uint8Array {
  return node.valueBeforeDecodeView.subarray(node.idBlock.blockLength + node.lenBlock.blockLength);
}

/** Universal tag number, or undefined for a tag of another class. */
export function universalTagOf(node: DerNode | undefined): number | undefined {
  return node?.idBlock.tagClass === 1 ? node.idBlock.tagNumber : undefined;
}

/** Number of a context-specific tag, or undefined for a tag of another class. */
export function contextTagOf(node: DerNode | undefined): number | undefined {
  return node?.idBlock.tagClass === 3 ? node.idBlock.tagNumber : undefined;
}

/** Offset behind the element at `offset`, after looking at everything inside. */
function walk(bytes: Uint8Array, offset: number, end: number, depth: number): Result<number, DerCode> {
  if (depth > MAX_DEPTH) return err('der_not_strict', `nested deeper than ${MAX_DEPTH}`);
  const header = readHeader(bytes, offset, end);
  if (!header.ok) return header;
  const { tag, from, to } = header.value;
  if (!isStrictValue(tag, bytes.subarray(from, to))) {
    return err('der_not_strict', `the element at byte ${offset} is not in its one DER spelling`);
  }
  let at = from;
  while ((tag & 0x20) !== 0 && at < to) {
    const next = walk(bytes, at, to, depth + 1);
    if (!next.ok) return next;
    at = next.value;
  }
  return ok(to);
}

function readHeader(
  bytes: Uint8Array,
  offset: number,
  end: number,
): Result<{ tag: number; from: number; to: number }, DerCode> {
  if (offset + 2 > end) return err('der_truncated', `ends inside the header at byte ${offset}`);
  const tag = bytes[offset] as number;
  const first = bytes[offset + 1] as number;
  if ((tag & 0x1f) === 0x1f) return err('der_not_strict', `tag in long form at byte ${offset}`);
  if (first === 0x80) return err('der_not_strict', `indefinite length at byte ${offset}`);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 3) return err('der_truncated', `length beyond all bounds at byte ${offset}`);
  const from = offset + 2 + lengthBytes;
  if (from > end) return err('der_truncated', `ends inside the header at byte ${offset}`);
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[offset + 2 + i] as number);
  if (lengthBytes > 0 && (length < 0x80 || length < 256 ** (lengthBytes - 1))) {
    return err('der_not_strict', `needlessly long length at byte ${offset}`);
  }
  if (from + length > end) return err('der_truncated', `ends inside the element at byte ${offset}`);
  return ok({ tag, from, to: from + length });
}

function isStrictValue(tag: number, value: Uint8Array): boolean {
  if ((tag & 0xc0) !== 0) return true;
  const isConstructed = (tag & 0x20) !== 0;
  switch (tag & 0x1f) {
    case 0x00:
      return false;
    case 0x01:
      return !isConstructed && value.length === 1 && (value[0] === 0x00 || value[0] === 0xff);
    case 0x02:
    case 0x0a:
      return !isConstructed && isMinimalInteger(value);
    case 0x05:
      return !isConstructed && value.length === 0;
    case 0x08:
    case 0x0b:
    case 0x10:
    case 0x11:
      return isConstructed;
    default:
      return !isConstructed;
  }
}

function isMinimalInteger(value: Uint8Array): boolean {
  if (value.length === 0) return false;
  if (value.length === 1) return true;
  const [first, second] = [value[0] as number, value[1] as number];
  return !(first === 0x00 && second < 0x80) && !(first === 0xff && second >= 0x80);
}
