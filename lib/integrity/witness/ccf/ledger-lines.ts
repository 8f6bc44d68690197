import type { Check, CheckRoot } from '@/lib/integrity/check';
import type { LineOutcome } from '@/lib/integrity/witness/line-outcome';

/** Why a ledger's receipt does not show what it should. */
export type LedgerCode =
  | 'ledger_too_large'
  | 'ledger_json'
  | 'ledger_shape'
  | 'ledger_proof_step'
  | 'ledger_proof_empty'
  | 'ledger_certificate'
  | 'ledger_claims'
  | 'ledger_claims_mismatch'
  | 'ledger_stamp_absent'
  | 'ledger_stamp_mismatch'
  | 'ledger_node_mismatch'
  | 'ledger_signature_invalid'
  | 'ledger_chain_untrusted'
  | 'cose_syntax'
  | 'cose_shape'
  | 'cose_certificate'
  | 'cose_certificate_mismatch'
  | 'cose_signature_invalid'
  | 'cose_proof'
  | 'cose_data_mismatch'
  | 'cose_subject';

const TITLES = {
  receipt: 'Receipt',
  claims: 'Recorded claims',
  stamp: 'Stamped bytes',
  node: 'Node of the ledger',
  root: 'Signature over the ledger',
  chain: 'Chain to a pinned ledger',
  statement: 'Signed statement',
  issuer: "Issuer's signature",
  registration: 'Registration in a ledger',
  'registration.data': 'Registered statement',
  'registration.root': 'Signature over the ledger',
} as const;
export type LedgerLine = keyof typeof TITLES;

/** `ccf.<line>` with its title. */
export function ledgerLine(
  line: LedgerLine,
  compared: string,
  outcome: LineOutcome<LedgerCode>,
  trust: { key?: string; root?: CheckRoot; details?: readonly Check[] } = {},
): Check {
  return { id: `ccf.${line}`, title: TITLES[line], compared, ...outcome, ...trust };
}
