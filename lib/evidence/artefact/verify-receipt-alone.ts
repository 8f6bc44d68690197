import { verifyLedgerReceipt } from '@/lib/integrity/witness/ccf/verify-ledger-receipt';
import { parseOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/detached-timestamp';
import { verifyRekorEntry } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import { parseTimestamp } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import { parseTstInfo } from '@/lib/integrity/witness/rfc3161/tst-info';
import {
  reportWitness,
  type Stamped,
  type WitnessReport,
  type WitnessType,
} from '@/lib/integrity/witness/witness-report';
import { hashOf } from '@/lib/integrity/witness/x509/algorithm-identifier';
import { ledgerTrustOf } from '../trust/ledger-trust';
import { rekorTrustOf } from '../trust/rekor-trust';
import type { TrustRoot } from '../trust/trust-root';
import { type ReceiptOptions, verifyReceipt } from '../verify-receipt';

/** COSE_Sign1 with its tag: a statement carries what it is about. */
const COSE_SIGN1 = 0xd2;

/**
 * A receipt without the bytes that it stamps: everything but those is checked. `isWhole` where the receipt carries what it
 * is about, so that nothing is missing.
 */
export async function verifyReceiptAlone(
  type: WitnessType,
  receipt: Uint8Array,
  roots: readonly TrustRoot[],
  options: ReceiptOptions,
): Promise<{ report: WitnessReport; isWhole: boolean }> {
  if (type === 'ccf') {
    const report = await verifyLedgerReceipt(receipt, null, ledgerTrustOf(roots));
    return { report, isWhole: receipt[0] === COSE_SIGN1 };
  }
  if (type === 'rekor') {
    const report = await verifyRekorEntry(receipt, null, rekorTrustOf(roots));
    return { report, isWhole: false };
  }
  const stamped = type === 'rfc3161' ? readTimestamp(receipt) : readOpenTimestamps(type, receipt);
  if (stamped) return { report: await verifyReceipt(type, receipt, stamped, roots, options), isWhole: false };
  const check = {
    id: `${type}.receipt`,
    title: 'Receipt',
    verdict: 'not-checked',
    compared: 'the receipt with what it stamps',
    reason: 'without the stamped file nothing in it can be checked',
  } as const;
  return { report: reportWitness([check]), isWhole: false };
}

/** What a time stamp itself says it stamped; null where it names no digest that counts. */
function readTimestamp(receipt: Uint8Array): Stamped | null {
  const timestamp = parseTimestamp(receipt);
  const content = timestamp.ok ? timestamp.value.token?.content : null;
  const info = content ? parseTstInfo(content) : null;
  // A file that is no time stamp is judged as one all the same: its verifier says what is wrong with it.
  if (!info?.ok) return { kind: 'bytes', bytes: new Uint8Array() };
  const algorithm = hashOf(info.value.imprint.algorithm);
  return algorithm === null ? null : { kind: 'digest', algorithm, digest: info.value.imprint.digest };
}

function readOpenTimestamps(type: WitnessType, receipt: Uint8Array): Stamped | null {
  if (type !== 'opentimestamps') return null;
  const proof = parseOpenTimestamps(receipt);
  if (!proof.ok) return { kind: 'bytes', bytes: new Uint8Array() };
  const { fileHash, timestamp } = proof.value;
  if (fileHash !== 'sha256' && fileHash !== 'sha1') return null;
  const algorithm = fileHash === 'sha256' ? 'sha-256' : 'sha-1';
  return { kind: 'digest', algorithm, digest: timestamp.message };
}
