/**
 * A node's signed receipt: {"certificateHash":"sha256:…","timestamp":…,"nodeId":…,"kid":…}, exactly these four, under an
 * Ed25519 signature over their canonical JSON. It counts only for the record whose hash it names, and only under a key that
 * this very node published.
 */
import * as z from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import type { Check } from '@/lib/integrity/check';
import { CER_SENTENCES } from './cer-error';
import { compareHash } from './check-execution';
import { type CerNode, checkNodeSignature } from './node-signature';

const named = z.string().min(1).max(200);
const receiptForm = z.strictObject({
  certificateHash: z.string().max(200),
  timestamp: z.string().min(1).max(64),
  nodeId: named,
  kid: named,
});
export type CerReceipt = z.infer<typeof receiptForm>;

/** A receipt beside its signature, where a record or a package carries one. */
export interface CarriedReceipt {
  /** `cer.attestation` inside the record, `cer.package-receipt` beside it. */
  readonly id: 'cer.attestation' | 'cer.package-receipt';
  readonly receipt: JsonValue | undefined;
  readonly signature: JsonValue | undefined;
  /** The key's name beside the receipt, where it is given twice. */
  readonly kid: JsonValue | undefined;
}

/** `meta.attestation` of a record; null when it has none. */
export function attestationOf(json: JsonObject): CarriedReceipt | null {
  const attestation = isJsonObject(json.meta) ? json.meta.attestation : undefined;
  if (attestation === undefined || attestation === null) return null;
  const { receipt, signature, signatureB64Url, kid } = isJsonObject(attestation) ? attestation : {};
  return { id: 'cer.attestation', receipt, signature: signature ?? signatureB64Url, kid };
}

/** The receipt of a package; null when it has none. */
export function packageReceiptOf(json: JsonObject): CarriedReceipt | null {
  const { receipt, signature } = json;
  if (receipt === undefined && signature === undefined) return null;
  return { id: 'cer.package-receipt', receipt, signature, kid: undefined };
}

/** The receipt in its form, or null. */
export function readReceipt(carried: CarriedReceipt | null): CerReceipt | null {
  const parsed = receiptForm.safeParse(carried?.receipt);
  return parsed.success ? parsed.data : null;
}

/** That the receipt is about this record, and that the node signed it. */
export async function checkReceipt(
  carried: CarriedReceipt,
  certificateHash: string,
  nodes: readonly CerNode[],
): Promise<Check[]> {
  const where = carried.id === 'cer.attestation' ? 'Attestation' : 'Receipt of the package';
  const receipt = readReceipt(carried);
  if (!receipt || (carried.kid !== undefined && carried.kid !== receipt.kid)) {
    const compared = `${CER_SENTENCES.cer_receipt_shape} (certificateHash, timestamp, nodeId and kid, and nothing else)`;
    return [{ id: carried.id, title: where, verdict: 'invalid', code: 'cer_receipt_shape', compared }];
  }
  const about = compareHash(`${carried.id}.subject`, `${where}: of this record`, 'cer_receipt_other', {
    compared: 'certificateHash in the receipt with that of the record',
    expected: certificateHash,
    computed: receipt.certificateHash,
  });
  const signed = await checkNodeSignature(
    {
      id: carried.id,
      title: where,
      compared: `the signature of ${receipt.nodeId} over exactly the receipt, by which it saw this hash at ${receipt.timestamp}`,
    },
    'cer_receipt_signature',
    carried.receipt as JsonObject,
    carried.signature,
    receipt,
    nodes,
  );
  return [about, signed];
}
