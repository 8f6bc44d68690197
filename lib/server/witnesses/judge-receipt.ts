import { fingerprintOf } from '@/lib/evidence/trust/root-bytes';
import { type ReceiptOptions, verifyReceipt } from '@/lib/evidence/verify-receipt';
import { WITNESS_WORDS } from '@/lib/evidence/witness-words';
import type { Check } from '@/lib/integrity/check';
import { reportWitness, type WitnessReport, type WitnessType } from '@/lib/integrity/witness/witness-report';
import { listConsoleKeys } from '../health/list-console-keys';
import { getAnchorRoot } from './anchor-root';
import { listPinnedRoots } from './list-trust-roots';

export interface JudgedReceipt {
  report: WitnessReport;
  /** Whom the receipt counts for: receipts of one authority count once, whoever relayed them. */
  authority: string;
  /** Fingerprints of the pinned roots that the verdict rests on. */
  roots: string[];
}

/**
 * Verifies an attacker-controlled receipt over a signed checkpoint under the roots that are pinned here now (and, that a
 * stamp in a Rekor log is ours, under our anchoring key). Nobody is their own witness: a receipt under one of this
 * console's keys is INVALID.
 */
export async function judgeReceipt(
  {
    witness,
    type,
    receipt,
    note,
  }: { witness: string; type: WitnessType; receipt: Uint8Array; note: Uint8Array },
  options: ReceiptOptions,
): Promise<JudgedReceipt> {
  const { roots: kinds } = WITNESS_WORDS[type];
  const pinned = [...(await listPinnedRoots(kinds)), ...(type === 'rekor' ? [getAnchorRoot()] : [])];
  const report = await verifyReceipt(type, receipt, { kind: 'bytes', bytes: note }, pinned, options);
  const roots = [...new Set(report.checks.flatMap(rootsOf))].sort();
  const own = (await listConsoleKeys()).map(({ publicKey }) => fingerprintOf(publicKey));
  const self = roots.some((root) => own.includes(root));
  return {
    report: self ? reportWitness([...report.checks, OWN_KEY]) : report,
    authority: authorityOf(witness, type, report, roots),
    roots,
  };
}

const OWN_KEY: Check = {
  id: 'witness.self',
  title: 'Outside this console',
  verdict: 'invalid',
  code: 'witness_is_self',
  compared: 'the witness’s key with this console’s own keys',
};

function rootsOf({ root, details = [] }: Check): string[] {
  return [...(root ? [root.fingerprint] : []), ...details.flatMap(rootsOf)];
}

/** Every OpenTimestamps proof rests on the one Bitcoin chain, whichever calendar and block it came through. */
function authorityOf(
  witness: string,
  type: WitnessType,
  report: WitnessReport,
  roots: readonly string[],
): string {
  if (type === 'opentimestamps') return 'opentimestamps:bitcoin';
  return `${type}:${roots.length > 0 ? roots.join(',') : (report.witness ?? witness)}`;
}
