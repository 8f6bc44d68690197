/**
 * The offline receipt of one record (C2SP tlog-proof@v1, files end in `.tlog-proof`):
 *
 *   c2sp.org/tlog-proof@v1
 *   [extra <base64>]                 opaque and unauthenticated
 *   index <decimal, from 0>
 *   <base64 hash> …                  inclusion proof, the leaf's sibling first
 *   <empty line>
 *   <signed checkpoint, verbatim>
 *
 * Worked example without extra data: "c2sp.org/tlog-proof@v1\nindex 0\n\n<checkpoint of a log of size 1>".
 */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64, parseBase64, parseDecimal } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import {
  type CheckpointErrorCode,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from '@/lib/integrity/checkpoint';
import { HASH_BYTES, type ProofErrorCode, verifyInclusion } from '@/lib/integrity/merkle';
import type { NoteKey } from '@/lib/integrity/note-key';

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF_BYTES = 2_000_000;
/** A tree of at most 2^53 leaves has at most 53 hashes in a path; 64 is the format's own bound. */
const MAX_HASHES = 64;

/** As read: nothing in it has been verified. */
export type TlogProof = {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
  readonly extra?: Uint8Array;
};

export function formatTlogProof(proof: TlogProof): Uint8Array {
  invariant(Number.isSafeInteger(proof.index) && proof.index >= 0, 'formatTlogProof: index');
  invariant(
    proof.hashes.every((hash) => hash.length === HASH_BYTES),
    'formatTlogProof: hashes',
  );
  const lines = [HEADER];
  if (proof.extra) lines.push(`extra ${formatBase64(proof.extra)}`);
  lines.push(`index ${proof.index}`, ...proof.hashes.map(formatBase64), '', '');
  return concatBytes(utf8(lines.join('\n')), proof.checkpoint);
}

/** Inverse of `formatTlogProof`; the checkpoint is cut out, not read. */
export function parseTlogProof(
  bytes: Uint8Array,
): Result<TlogProof, 'tlog_proof_too_large' | 'tlog_proof_syntax'> {
  if (bytes.length > MAX_PROOF_BYTES) return err('tlog_proof_too_large');
  const text = decodeUtf8(bytes);
  if (!text.ok) return err('tlog_proof_syntax', 'utf-8');
  const gap = text.value.indexOf('\n\n');
  if (gap < 0) return err('tlog_proof_syntax', 'no checkpoint');
  const lines = text.value.slice(0, gap).split('\n');
  if (lines.shift() !== HEADER) return err('tlog_proof_syntax', 'header');
  const extra = lines[0]?.startsWith('extra ') ? parseBase64((lines.shift() as string).slice(6)) : undefined;
  if (extra && !extra.ok) return err('tlog_proof_syntax', 'extra');
  const indexLine = lines.shift() ?? '';
  const index = parseDecimal(indexLine.slice('index '.length));
  if (!indexLine.startsWith('index ') || !index.ok) return err('tlog_proof_syntax', 'index');
  if (lines.length > MAX_HASHES) return err('tlog_proof_syntax', 'too many hashes');
  const hashes: Uint8Array[] = [];
  for (const line of lines) {
    const hash = parseBase64(line);
    if (!hash.ok || hash.value.length !== HASH_BYTES) return err('tlog_proof_syntax', 'hash');
    hashes.push(hash.value);
  }
  const checkpoint = utf8(text.value.slice(gap + 2));
  return ok({ index: index.value, hashes, checkpoint, ...(extra && { extra: extra.value }) });
}

/**
 * Verifies attacker-controlled proof bytes for a leaf that the caller computed itself. Size and root are taken
 * from the verified checkpoint only.
 */
export function verifyTlogProof(
  bytes: Uint8Array,
  expected: { leaf: Uint8Array; origin: string; logKey: NoteKey; witnessKeys?: readonly NoteKey[] },
): Result<
  { index: number; checkpoint: VerifiedCheckpoint },
  'tlog_proof_too_large' | 'tlog_proof_syntax' | CheckpointErrorCode | ProofErrorCode
> {
  const proof = parseTlogProof(bytes);
  if (!proof.ok) return proof;
  const checkpoint = verifyCheckpoint(proof.value.checkpoint, expected);
  if (!checkpoint.ok) return checkpoint;
  const included = verifyInclusion({
    index: proof.value.index,
    size: checkpoint.value.size,
    leaf: expected.leaf,
    proof: proof.value.hashes,
    root: checkpoint.value.root,
  });
  return included.ok ? ok({ index: proof.value.index, checkpoint: checkpoint.value }) : included;
}
