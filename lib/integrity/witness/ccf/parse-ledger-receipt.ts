/**
 * Receipts of a CCF ledger in JSON, as the ledger answers them (snake_case) and as Azure Confidential Ledger does
 * (camelCase), bare or in Azure's answer to `GET /app/transactions/{id}/receipt`:
 *
 *   {"state":"Ready","transactionId":"2.13","applicationClaims":[…],
 *    "receipt":{"cert":"<PEM>","nodeId":"<hex>","serviceEndorsements":["<PEM>"],
 *               "leafComponents":{"writeSetDigest":"<hex>","commitEvidence":"ce:2.13:…","claimsDigest":"<hex>"},
 *               "proof":[{"left":"<hex>"}],"signature":"<base64 of DER>"}}
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64, parseHex } from '@/lib/core/encoding';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import {
  type ApplicationClaim,
  parseApplicationClaims,
} from '@/lib/integrity/witness/ccf/application-claims';
import type { LedgerCode } from '@/lib/integrity/witness/ccf/ledger-lines';
import type { LeafComponents, ProofStep } from '@/lib/integrity/witness/ccf/ledger-tree';
import { memberOf } from '@/lib/integrity/witness/ccf/spelled-member';
import { type Certificate, parseCertificate } from '@/lib/integrity/witness/x509/certificate';
import { parsePemBlock } from '@/lib/integrity/witness/x509/pem-block';

export const MAX_LEDGER_RECEIPT_BYTES = 262_144;
const MAX_PROOF_STEPS = 64;
const MAX_ENDORSEMENTS = 32;
const HASH_BYTES = 32;

export interface LedgerReceipt {
  readonly node: Certificate;
  /** In lower-case hex; null where the receipt has none. */
  readonly nodeId: string | null;
  /** Earlier identities of the service, each signed by the next, the last by the present one. */
  readonly endorsements: readonly Certificate[];
  readonly leaf: LeafComponents;
  readonly proof: readonly ProofStep[];
  /** DER. */
  readonly signature: Uint8Array;
  /** Null where nothing is said of them. */
  readonly claims: readonly ApplicationClaim[] | null;
}

/** `ledger_pending` is no fault: the answer of a ledger that has not committed yet. */
type Parsed<T> = Result<T, LedgerCode | 'ledger_pending'>;

/** Reads hostile bytes as a receipt. Nothing in it is verified. */
export function parseLedgerReceipt(bytes: Uint8Array): Parsed<LedgerReceipt> {
  if (bytes.length > MAX_LEDGER_RECEIPT_BYTES) return err('ledger_too_large');
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value, { maxDepth: 8, maxBytes: MAX_LEDGER_RECEIPT_BYTES }) : text;
  if (!json.ok) return err('ledger_json', json.code);
  if (!isJsonObject(json.value)) return err('ledger_shape', 'no object');
  const answer = json.value;
  const receipt = Object.hasOwn(answer, 'receipt') ? answer.receipt : answer;
  if (receipt === answer && answer.state === 'Loading') return err('ledger_pending');
  if (!isJsonObject(receipt)) return err('ledger_shape', 'receipt');
  const stated = memberOf(answer, 'applicationClaims');
  const claims = stated === undefined || stated === null ? ok(null) : parseApplicationClaims(stated);
  if (!claims.ok) return claims;
  return readReceipt(receipt, claims.value);
}

function readReceipt(receipt: JsonObject, claims: LedgerReceipt['claims']): Parsed<LedgerReceipt> {
  const node = readCertificate(receipt.cert);
  if (!node.ok) return node;
  const nodeId = memberOf(receipt, 'nodeId') ?? null;
  if (nodeId !== null && typeof nodeId !== 'string') return err('ledger_shape', 'node id');
  const endorsements = readEndorsements(memberOf(receipt, 'serviceEndorsements') ?? []);
  if (!endorsements.ok) return endorsements;
  const leaf = readLeaf(memberOf(receipt, 'leafComponents'));
  if (!leaf.ok) return leaf;
  const proof = readProof(receipt.proof);
  if (!proof.ok) return proof;
  const signature = typeof receipt.signature === 'string' ? parseBase64(receipt.signature) : null;
  if (!signature?.ok) return err('ledger_shape', 'signature');
  return ok({
    node: node.value,
    nodeId,
    endorsements: endorsements.value,
    leaf: leaf.value,
    proof: proof.value,
    signature: signature.value,
    claims,
  });
}

function readCertificate(pem: JsonValue | undefined): Parsed<Certificate> {
  const block = typeof pem === 'string' ? parsePemBlock(pem) : null;
  if (!block?.ok || block.value.label !== 'CERTIFICATE') return err('ledger_certificate', 'PEM');
  const certificate = parseCertificate(block.value.der);
  return certificate.ok ? certificate : err('ledger_certificate', certificate.detail);
}

function readEndorsements(value: JsonValue): Parsed<Certificate[]> {
  if (!Array.isArray(value) || value.length > MAX_ENDORSEMENTS) return err('ledger_shape', 'endorsements');
  const endorsements: Certificate[] = [];
  for (const pem of value) {
    const certificate = readCertificate(pem);
    if (!certificate.ok) return certificate;
    endorsements.push(certificate.value);
  }
  return ok(endorsements);
}

function readLeaf(value: JsonValue | undefined): Parsed<LeafComponents> {
  if (!isJsonObject(value)) return err('ledger_shape', 'leaf components');
  const writeSetDigest = readHash(memberOf(value, 'writeSetDigest'));
  const commitEvidence = memberOf(value, 'commitEvidence');
  const claimsDigest = readHash(memberOf(value, 'claimsDigest'));
  if (!writeSetDigest || !claimsDigest || typeof commitEvidence !== 'string' || commitEvidence.length > 200) {
    return err('ledger_shape', 'leaf components');
  }
  return ok({ writeSetDigest, commitEvidence, claimsDigest });
}

/** A tree of one transaction has no proof, but a ledger that signs has at least the signature beside it. */
function readProof(value: JsonValue | undefined): Parsed<ProofStep[]> {
  if (!Array.isArray(value) || value.length > MAX_PROOF_STEPS) return err('ledger_shape', 'proof');
  if (value.length === 0) return err('ledger_proof_empty');
  const proof: ProofStep[] = [];
  for (const element of value) {
    const step = readStep(element);
    if (!step) return err('ledger_proof_step', `step ${proof.length + 1} of the proof`);
    proof.push(step);
  }
  return ok(proof);
}

/** Exactly one of `left` and `right`, and nothing else. */
function readStep(value: JsonValue): ProofStep | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  const side = Object.hasOwn(value, 'left') ? 'left' : 'right';
  const hash = readHash(value[side]);
  return hash && { side, hash };
}

function readHash(value: JsonValue | undefined): Uint8Array | null {
  const hash = typeof value === 'string' ? parseHex(value) : null;
  return hash?.ok && hash.value.length === HASH_BYTES ? hash.value : null;
}
