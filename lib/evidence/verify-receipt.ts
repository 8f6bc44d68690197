import { parseBase64 } from '@/lib/core/encoding';
import { type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { verifyWitnessCosignature } from '@/lib/integrity/witness/c2sp/verify-witness-cosignature';
import { verifyLedgerReceipt } from '@/lib/integrity/witness/ccf/verify-ledger-receipt';
import { verifyOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/verify-open-timestamps';
import { verifyRekorEntry } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import type { Stamped, WitnessReport, WitnessType } from '@/lib/integrity/witness/witness-report';
import { verifyWorm } from '@/lib/integrity/witness/worm/verify-worm';
import { rekorTrustOf } from './trust/rekor-trust';
import type { TrustRoot, TrustRootKind, TrustRootOf } from './trust/trust-root';

export interface ReceiptOptions {
  /** Milliseconds since the Unix epoch. */
  nowMs: number;
  /** Of a write-once store: how long it must keep the object at least. Milliseconds since the Unix epoch. */
  minimumRetainUntilMs?: number;
  /** Of a write-once store: only by whoever has just read the object there and wrote this receipt of it. */
  freshlyRead?: boolean;
}

type ReceiptVerifier = (
  receipt: Uint8Array,
  stamped: Stamped,
  roots: readonly TrustRoot[],
  options: ReceiptOptions,
) => Promise<WitnessReport>;

const VERIFIERS: Record<WitnessType, ReceiptVerifier> = {
  rfc3161: (receipt, stamped, roots) =>
    verifyTimestamp(receipt, stamped, {
      anchors: ofKind(roots, 'timestamp-authority').map(({ certificate }) => decoded(certificate)),
    }),
  opentimestamps: async (receipt, stamped, roots) =>
    verifyOpenTimestamps(receipt, stamped, {
      headers: ofKind(roots, 'bitcoin-header').map(({ height, header }) => ({
        height,
        header: decoded(header),
      })),
    }),
  worm: (receipt, stamped, roots, options) =>
    verifyWorm(
      receipt,
      stamped,
      { auditKeys: ofKind(roots, 'store-audit-key').map(({ publicKey }) => decoded(publicKey)) },
      options,
    ),
  ccf: (receipt, stamped, roots) =>
    verifyLedgerReceipt(receipt, stamped, {
      services: ofKind(roots, 'ledger-service').map(({ certificate }) => decoded(certificate)),
      keys: ofKind(roots, 'ledger-key').map(({ publicKey }) => decoded(publicKey)),
    }),
  rekor: (receipt, stamped, roots) => verifyRekorEntry(receipt, stamped, rekorTrustOf(roots)),
  c2sp: async (receipt, stamped, roots) =>
    verifyWitnessCosignature(receipt, stamped, { witnessKeys: witnessKeys(roots) }),
};

/**
 * Verifies an attacker-controlled receipt over `stamped` by its own format's rules, under the pinned `roots` that are of
 * a kind this format can rest on. Nothing is fetched.
 */
export function verifyReceipt(
  type: WitnessType,
  receipt: Uint8Array,
  stamped: Stamped,
  roots: readonly TrustRoot[],
  options: ReceiptOptions,
): Promise<WitnessReport> {
  return VERIFIERS[type](receipt, stamped, roots, options);
}

function ofKind<K extends TrustRootKind>(roots: readonly TrustRoot[], kind: K): TrustRootOf<K>[] {
  return roots.filter((root): root is TrustRootOf<K> => root.kind === kind);
}

function witnessKeys(roots: readonly TrustRoot[]): NoteKey[] {
  return ofKind(roots, 'witness').flatMap(({ vkey }) => {
    const key = parseNoteKey(vkey);
    return key.ok ? [key.value] : [];
  });
}

/** Roots are parsed before they come here; one that is not base64 becomes a key that verifies nothing. */
function decoded(text: string): Uint8Array {
  const bytes = parseBase64(text);
  return bytes.ok ? bytes.value : new Uint8Array();
}
