import { parseBase64 } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import { type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { verifyWitnessCosignature } from '@/lib/integrity/witness/c2sp/verify-witness-cosignature';
import { verifyOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/verify-open-timestamps';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import {
  reportWitness,
  type Stamped,
  type WitnessReport,
  type WitnessType,
} from '@/lib/integrity/witness/witness-report';
import { verifyWorm } from '@/lib/integrity/witness/worm/verify-worm';
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
  ccf: absent('ccf'),
  rekor: absent('rekor'),
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

function absent(type: WitnessType): ReceiptVerifier {
  const check: Check = {
    id: `${type}.receipt`,
    title: 'Receipt',
    verdict: 'not-checked',
    compared: 'the receipt with the stamped bytes',
    reason: `there is no verifier for ${type} receipts yet`,
  };
  return async () => reportWitness([check]);
}
