import type { z } from 'zod';
import type { WitnessType } from '@/lib/integrity/witness/witness-report';

/** A published checkpoint that wants a receipt. */
export interface StampRequest {
  /** Leaves under the checkpoint. */
  size: number;
  /** The signed checkpoint as first published. */
  note: Uint8Array;
  /** SHA-256 of `note`. */
  stamp: Uint8Array;
  /** Size this witness last gave a receipt for; 0 for none. */
  lastSize: number;
  /** RFC 9162 consistency proof from `oldSize` to `size`. */
  consistency(oldSize: number): Promise<Uint8Array[]>;
  /** A fresh random nonce of `bytes` bytes. */
  nonce(bytes: number): Uint8Array;
  nowMs: number;
  signal: AbortSignal;
}

/** `pending`: the receipt is worth keeping, and `upgrade` should be asked again at `retryAtMs`. */
export type StampAnswer =
  | { state: 'complete'; receipt: Uint8Array }
  | { state: 'pending'; receipt: Uint8Array; retryAtMs: number };

export const WITNESS_ERROR_CODES = [
  'witness_unreachable',
  'witness_refused',
  'witness_busy',
  'witness_answer_invalid',
  'witness_misconfigured',
] as const;
export type WitnessErrorCode = (typeof WITNESS_ERROR_CODES)[number];

/** `detail` never carries credentials. Anything but `witness_misconfigured` is worth another try. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  constructor(
    readonly code: WitnessErrorCode,
    readonly detail: string,
    options?: { cause?: unknown; retryAfterMs?: number },
  ) {
    super(`${code}: ${detail}`, { cause: options?.cause });
    this.retryAfterMs = options?.retryAfterMs;
  }
  readonly retryAfterMs: number | undefined;
}

/**
 * One kind of outside witness behind one small interface (`lib/server/adapters/*`). An adapter asks and answers bytes; it
 * decides nothing: every receipt is verified by the pure verifiers under the pinned roots before it is stored.
 */
export interface WitnessAdapter<Settings = unknown> {
  readonly type: WitnessType;
  /** Settings as stored; secrets in them are named by `secretFields` and never leave the server. */
  readonly settings: z.ZodType<Settings>;
  readonly secretFields: readonly string[];
  /** @throws WitnessError */
  stamp(request: StampRequest, settings: Settings): Promise<StampAnswer>;
  /** Only for witnesses whose receipts mature. @throws WitnessError */
  upgrade?(receipt: Uint8Array, request: StampRequest, settings: Settings): Promise<StampAnswer>;
}
