import type { Check } from '@/lib/integrity/check';
import {
  reportWitness,
  type Stamped,
  type WitnessReport,
  type WitnessType,
} from '@/lib/integrity/witness/witness-report';
import type { TrustRoot } from './trust/trust-root';

export interface ReceiptOptions {
  /** Milliseconds since the Unix epoch. */
  nowMs: number;
  /** Of a write-once store: how long it must keep the object at least. Milliseconds since the Unix epoch. */
  minimumRetainUntilMs?: number;
}

type ReceiptVerifier = (
  receipt: Uint8Array,
  stamped: Stamped,
  roots: readonly TrustRoot[],
  options: ReceiptOptions,
) => Promise<WitnessReport>;

const VERIFIERS: Record<WitnessType, ReceiptVerifier> = {
  rfc3161: absent('rfc3161'),
  opentimestamps: absent('opentimestamps'),
  worm: absent('worm'),
  ccf: absent('ccf'),
  rekor: absent('rekor'),
  c2sp: absent('c2sp'),
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
