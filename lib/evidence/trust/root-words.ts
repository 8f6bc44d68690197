import type { TrustRootKind } from './trust-root';

/** What a root of each kind is, in a few words, and what rests on it. */
export const ROOT_WORDS: Readonly<Record<TrustRootKind, { name: string; rests: string }>> = {
  log: { name: 'Log key', rests: 'checkpoints and proofs of this log' },
  witness: { name: 'Witness key', rests: 'cosignatures of this witness' },
  'timestamp-authority': { name: 'Time-stamping root', rests: 'RFC 3161 time stamps under this certificate' },
  'ledger-service': { name: 'Ledger certificate', rests: 'receipts of this confidential ledger' },
  'ledger-key': { name: 'Ledger key', rests: 'COSE receipts of this confidential ledger' },
  'rekor-log': { name: 'Rekor log key', rests: 'entries of this Sigstore log' },
  'anchor-key': { name: 'Anchoring key', rests: 'that a Rekor entry was made by this console' },
  'bitcoin-header': { name: 'Bitcoin block', rests: 'OpenTimestamps proofs that end in this block' },
  'store-audit-key': { name: 'Store audit key', rests: 'statements of a write-once store' },
  'stream-key': { name: 'Producer key', rests: 'records of this stream' },
  'approval-key': { name: 'Approval key', rests: 'approval tokens of this console' },
  'cer-node': { name: 'Attestation node key', rests: 'Certified Execution Records that this node attested' },
};
