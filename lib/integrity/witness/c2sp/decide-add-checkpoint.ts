import { equalBytes } from '@/lib/core/bytes';
import { err, type Result } from '@/lib/core/result';
import { type VerifiedCheckpoint, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { EMPTY_ROOT, verifyConsistency } from '@/lib/integrity/merkle';
import type { NoteKey } from '@/lib/integrity/note-key';
import type { AddCheckpoint } from './add-checkpoint';

/** What a witness knows of the log that a request names. */
export interface WitnessedLog {
  /** The keys by which this log signs; none when the witness does not know the log. */
  readonly logKeys: readonly NoteKey[];
  /** The checkpoint that the witness cosigned last; null when it never did. */
  readonly head: TreeHead | null;
}

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * `cosign`: make `checkpoint` the new head, durably and only if the head is still the one that was decided on; then sign.
 * `retry`: the log is elsewhere than the request thinks; `size` is where. Everything else refuses.
 */
export type AddCheckpointOutcome =
  | { readonly kind: 'cosign'; readonly checkpoint: VerifiedCheckpoint }
  | { readonly kind: 'retry'; readonly code: 'old_size_mismatch'; readonly size: number }
  | { readonly kind: 'refuse'; readonly code: AddCheckpointRefusal };

export type AddCheckpointRefusal =
  | 'origin_unknown'
  | 'signature_invalid'
  | 'checkpoint_syntax'
  | 'old_size_beyond_new'
  | 'consistency_invalid'
  | 'root_conflict';

/** HTTP status of each refusal (C2SP tlog-witness). */
export const ADD_CHECKPOINT_STATUS: Readonly<
  Record<AddCheckpointRefusal | 'old_size_mismatch' | 'add_checkpoint_syntax', number>
> = {
  add_checkpoint_syntax: 400,
  checkpoint_syntax: 400,
  old_size_beyond_new: 400,
  signature_invalid: 403,
  origin_unknown: 404,
  old_size_mismatch: 409,
  root_conflict: 409,
  consistency_invalid: 422,
};

/**
 * Whether a witness may cosign an attacker-controlled checkpoint: the log is known and signed it, it begins where the
 * witness left off, and it only grew since. Order and outcomes are those of C2SP tlog-witness.
 */
export function decideAddCheckpoint(log: WitnessedLog, request: AddCheckpoint): AddCheckpointOutcome {
  if (log.logKeys.length === 0) return refuse('origin_unknown');
  const checkpoint = verifyAny(log.logKeys, request);
  if (!checkpoint.ok) return refuse(checkpoint.code);
  const { size, root } = checkpoint.value;
  if (request.oldSize > size) return refuse('old_size_beyond_new');
  const head = log.head ?? { size: 0, root: EMPTY_ROOT };
  if (request.oldSize !== head.size) return { kind: 'retry', code: 'old_size_mismatch', size: head.size };
  if (head.size === size && request.proof.length === 0) {
    return equalBytes(head.root, root)
      ? { kind: 'cosign', checkpoint: checkpoint.value }
      : refuse('root_conflict');
  }
  return isConsistent(head, checkpoint.value, request.proof)
    ? { kind: 'cosign', checkpoint: checkpoint.value }
    : refuse('consistency_invalid');
}

/** Every tree continues the empty one; that takes no proof, and none may be sent. */
function isConsistent(head: TreeHead, next: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (head.size === 0) return proof.length === 0;
  return verifyConsistency({
    size1: head.size,
    size2: next.size,
    root1: head.root,
    root2: next.root,
    proof,
  }).ok;
}

/** Signature lines that cannot be read, strictly, are by nobody known. */
function verifyAny(
  logKeys: readonly NoteKey[],
  request: AddCheckpoint,
): Result<VerifiedCheckpoint, 'signature_invalid' | 'checkpoint_syntax'> {
  let code: 'signature_invalid' | 'checkpoint_syntax' = 'signature_invalid';
  for (const logKey of logKeys) {
    const verified = verifyCheckpoint(request.checkpoint, { origin: request.origin, logKey });
    if (verified.ok) return verified;
    if (verified.code === 'checkpoint_syntax') code = 'checkpoint_syntax';
  }
  return err(code);
}

function refuse(code: AddCheckpointRefusal): AddCheckpointOutcome {
  return { kind: 'refuse', code };
}
