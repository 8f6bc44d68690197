/**
 * What a log sends to a witness (C2SP tlog-witness, `POST <prefix>/add-checkpoint`):
 *
 *   old <size of the checkpoint that the witness cosigned last, decimal; 0 for none>
 *   <base64 hash> …                  RFC 6962 consistency proof from there, at most 63 lines
 *   <empty line>
 *   <signed checkpoint, verbatim>
 *
 * Worked example, a log's first checkpoint: "old 0\n\n<checkpoint>"; from size 1 to 2:
 * "old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n<checkpoint>".
 */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64, parseBase64, parseDecimal } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { HASH_BYTES } from '@/lib/integrity/merkle';

/** 63 proof lines and a checkpoint with some twenty post-quantum signatures. */
export const MAX_ADD_CHECKPOINT_BYTES = 131_072;
const MAX_PROOF_LINES = 63;

/** As read: nothing in it has been verified. */
export type AddCheckpoint = {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** First line of the checkpoint: which log it says it is of. */
  readonly origin: string;
  /** The signed checkpoint's bytes. */
  readonly checkpoint: Uint8Array;
};

/** Inverse of `parseAddCheckpoint`. */
export function formatAddCheckpoint(request: {
  oldSize: number;
  proof: readonly Uint8Array[];
  checkpoint: Uint8Array;
}): Uint8Array {
  invariant(Number.isSafeInteger(request.oldSize) && request.oldSize >= 0, 'formatAddCheckpoint: size');
  invariant(request.proof.length <= MAX_PROOF_LINES, 'formatAddCheckpoint: proof lines');
  const lines = [`old ${request.oldSize}`, ...request.proof.map(formatBase64), '', ''];
  return concatBytes(utf8(lines.join('\n')), request.checkpoint);
}

/** Reads a hostile request body; the checkpoint is cut out, not read. */
export function parseAddCheckpoint(
  body: Uint8Array,
): Result<AddCheckpoint, 'add_checkpoint_too_large' | 'add_checkpoint_syntax'> {
  if (body.length > MAX_ADD_CHECKPOINT_BYTES) return err('add_checkpoint_too_large');
  const text = decodeUtf8(body);
  if (!text.ok) return err('add_checkpoint_syntax', 'utf-8');
  const gap = text.value.indexOf('\n\n');
  if (gap < 0) return err('add_checkpoint_syntax', 'no checkpoint');
  const [first = '', ...lines] = text.value.slice(0, gap).split('\n');
  const oldSize = parseDecimal(first.slice('old '.length));
  if (!first.startsWith('old ') || !oldSize.ok) return err('add_checkpoint_syntax', 'old size');
  if (lines.length > MAX_PROOF_LINES) return err('add_checkpoint_syntax', 'too many proof lines');
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = parseBase64(line);
    if (!hash.ok || hash.value.length !== HASH_BYTES) return err('add_checkpoint_syntax', 'proof line');
    proof.push(hash.value);
  }
  const checkpoint = text.value.slice(gap + 2);
  const [origin = ''] = checkpoint.split('\n', 1);
  if (origin === '') return err('add_checkpoint_syntax', 'no checkpoint');
  return ok({ oldSize: oldSize.value, proof, origin, checkpoint: utf8(checkpoint) });
}
