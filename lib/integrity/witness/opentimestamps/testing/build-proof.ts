/** Small proofs whose block is mined on the spot, at a target that every second header meets. */
import { concatBytes } from '@/lib/core/bytes';
import type { Attestation } from '../attestation';
import { parseBlockHeader } from '../block-header';
import { type DetachedTimestamp, formatOpenTimestamps } from '../detached-timestamp';
import { applyOperation, type HashName, type Operation } from '../operation';
import type { Timestamp } from '../timestamp';

/** The message after some operations. */
export function messageAfter(message: Uint8Array, operations: readonly Operation[]): Uint8Array {
  return operations.reduce((at, operation) => applyOperation(operation, at) ?? new Uint8Array(0), message);
}

/** One path from a message to attestations. */
export function pathTo(
  message: Uint8Array,
  operations: readonly Operation[],
  ...attestations: readonly Attestation[]
): Timestamp {
  const [operation, ...rest] = operations;
  if (!operation) return { message, steps: attestations.map((attestation) => ({ attestation })) };
  const next = pathTo(messageAfter(message, [operation]), rest, ...attestations);
  return { message, steps: [{ operation, next }] };
}

/** The `.ots` bytes of one tree. */
export function proofBytes(timestamp: Timestamp, fileHash: HashName = 'sha256'): Uint8Array {
  const proof: DetachedTimestamp = { fileHash, timestamp };
  return formatOpenTimestamps(proof);
}

/** A header over a Merkle root that meets the easiest of targets (that of Bitcoin's regression-test networks). */
export function mineHeader(merkleRoot: Uint8Array, timeUnixS: number): Uint8Array {
  for (let nonce = 0; ; nonce++) {
    const tail = new Uint8Array(12);
    const view = new DataView(tail.buffer);
    view.setUint32(0, timeUnixS, true);
    view.setUint32(4, 0x207fffff, true);
    view.setUint32(8, nonce, true);
    const header = concatBytes(Uint8Array.of(1, 0, 0, 0), new Uint8Array(32), merkleRoot, tail);
    if (parseBlockHeader(header).ok) return header;
  }
}
