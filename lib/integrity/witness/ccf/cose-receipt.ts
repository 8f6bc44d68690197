/**
 * A receipt of a CCF ledger in COSE (draft-ietf-scitt-receipts-ccf-profile): a COSE_Sign1 over the root of the ledger, detached,
 *
 *   protected    1 alg, 4 kid = hex of SHA-256(SPKI of the service), 395 = 2 (CCF),
 *                15 CWT claims {1 issuer, 2 "scitt.ccf.signature.v1", 6 issued at}, "ccf.v1" {"txid": …}
 *   unprotected  396 {-1: [bstr .cbor {1: [internal hash, internal evidence, data hash], 2: [[left?, hash] …]}]}
 *
 *   leaf = SHA-256( internal hash ‖ SHA-256(evidence) ‖ data hash )       node = SHA-256( left ‖ right )
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseHex } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import { type CborValue, isCborArray, isCborMap, parseCbor } from '@/lib/integrity/witness/ccf/cbor';
import { type CoseSign1, HEADER, parseCoseSign1 } from '@/lib/integrity/witness/ccf/cose-sign1';
import {
  foldProof,
  type LeafComponents,
  ledgerLeaf,
  type ProofStep,
} from '@/lib/integrity/witness/ccf/ledger-tree';

const CCF_STRUCTURE = 2;
const INCLUSION_PROOFS = -1;
const MAX_PROOFS = 16;
const MAX_STEPS = 64;
const HASH_BYTES = 32;
/** The end of the year 9999. */
const LAST_TIME_S = 253_402_300_799;

export interface CoseProof {
  readonly leaf: LeafComponents;
  readonly steps: number;
  /** What the signature must be over. */
  readonly root: Uint8Array;
}

export interface CoseReceipt {
  readonly message: CoseSign1;
  /** SHA-256 of the service's SPKI. */
  readonly keyId: Uint8Array;
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly issuedAtS: number | null;
  readonly proofs: readonly CoseProof[];
}

/** `receipt_unsupported`: a receipt of another kind of ledger, or of an older form; `detail` says which. */
export type CoseReceiptCode = 'cose_syntax' | 'cose_shape' | 'cose_proof' | 'receipt_unsupported';

/** Whether a message is a receipt of some ledger, and no statement. */
export function isReceipt({ protectedHeader }: CoseSign1): boolean {
  return protectedHeader.has(HEADER.verifiableStructure);
}

/** Reads one receipt of header 394, or a file that is one. */
export function parseCoseReceipt(bytes: Uint8Array): Result<CoseReceipt, CoseReceiptCode> {
  if (bytes[0] !== 0xd2) return err('receipt_unsupported', 'no COSE_Sign1');
  const parsed = parseCoseSign1(bytes);
  if (!parsed.ok) return parsed;
  const message = parsed.value;
  const structure = message.protectedHeader.get(HEADER.verifiableStructure);
  if (structure !== CCF_STRUCTURE) {
    const kind =
      typeof structure === 'number' ? `verifiable data structure ${structure}` : 'no known structure';
    return err('receipt_unsupported', kind);
  }
  if (message.payload !== null) return err('cose_shape', 'the payload is not detached');
  const keyId = readKeyId(message.protectedHeader.get(HEADER.keyId));
  if (!keyId) return err('cose_shape', 'key id');
  const proofs = readProofs(message.unprotectedHeader.get(HEADER.proofs));
  if (!proofs.ok) return proofs;
  const claims = message.protectedHeader.get(HEADER.cwtClaims);
  const claim = (key: number): CborValue | undefined => (isCborMap(claims) ? claims.get(key) : undefined);
  const [issuer, subject, issuedAt] = [claim(1), claim(2), claim(6)];
  return ok({
    message,
    keyId,
    issuer: typeof issuer === 'string' ? issuer.slice(0, 200) : null,
    subject: typeof subject === 'string' ? subject.slice(0, 200) : null,
    issuedAtS: isDate(issuedAt) ? issuedAt : null,
    proofs: proofs.value,
  });
}

function isDate(seconds: CborValue | undefined): seconds is number {
  return typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0 && seconds <= LAST_TIME_S;
}

/** 64 lower-case hex digits in ASCII. */
function readKeyId(value: CborValue | undefined): Uint8Array | null {
  const text = value instanceof Uint8Array && value.length === 64 ? decodeUtf8(value) : null;
  const keyId = text?.ok ? parseHex(text.value) : null;
  return keyId?.ok ? keyId.value : null;
}

function readProofs(value: CborValue | undefined): Result<CoseProof[], 'cose_proof'> {
  const list = isCborMap(value) ? value.get(INCLUSION_PROOFS) : undefined;
  if (!isCborArray(list) || list.length === 0 || list.length > MAX_PROOFS) return err('cose_proof');
  const proofs: CoseProof[] = [];
  for (const one of list) {
    const proof = one instanceof Uint8Array ? readProof(one) : null;
    if (!proof) return err('cose_proof', `proof ${proofs.length + 1}`);
    proofs.push(proof);
  }
  return ok(proofs);
}

function readProof(bytes: Uint8Array): CoseProof | null {
  const proof = parseCbor(bytes);
  if (!proof.ok || !isCborMap(proof.value) || proof.value.size !== 2) return null;
  const [leafParts, path] = [proof.value.get(1), proof.value.get(2)];
  if (!isCborArray(leafParts) || leafParts.length !== 3 || !isCborArray(path)) return null;
  const [writeSetDigest, commitEvidence, claimsDigest] = leafParts;
  if (!isHash(writeSetDigest) || !isHash(claimsDigest) || typeof commitEvidence !== 'string') return null;
  if (commitEvidence.length > 1_024 || path.length === 0 || path.length > MAX_STEPS) return null;
  const steps = path.map(readStep);
  if (!steps.every((step) => step !== null)) return null;
  const leaf = { writeSetDigest, commitEvidence, claimsDigest };
  return { leaf, steps: steps.length, root: foldProof(ledgerLeaf(leaf), steps) };
}

function readStep(value: CborValue): ProofStep | null {
  if (!isCborArray(value) || value.length !== 2) return null;
  const [isLeft, hash] = value;
  return typeof isLeft === 'boolean' && isHash(hash) ? { side: isLeft ? 'left' : 'right', hash } : null;
}

function isHash(value: CborValue | undefined): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_BYTES;
}
