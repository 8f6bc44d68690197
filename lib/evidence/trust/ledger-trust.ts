import { parseBase64 } from '@/lib/core/encoding';
import type { LedgerTrust } from '@/lib/integrity/witness/ccf/check-ledger-chain';
import type { TrustRoot } from './trust-root';

/** What receipts of CCF ledgers can rest on among pinned roots. */
export function ledgerTrustOf(roots: readonly TrustRoot[]): LedgerTrust {
  return {
    services: roots.flatMap((root) => (root.kind === 'ledger-service' ? decoded(root.certificate) : [])),
    keys: roots.flatMap((root) => (root.kind === 'ledger-key' ? decoded(root.publicKey) : [])),
  };
}

function decoded(text: string): Uint8Array[] {
  const bytes = parseBase64(text);
  return bytes.ok ? [bytes.value] : [];
}
