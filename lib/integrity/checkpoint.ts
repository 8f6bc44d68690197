/**
 * Checkpoints (C2SP tlog-checkpoint): the signed head of a log, a note whose text is
 *
 *   <origin>\n<size, decimal>\n<root, base64 of 32 bytes>\n[extension lines]
 *
 * Worked example, the empty log of `example.com/log`:
 *   "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
 */
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64, formatHex, parseBase64, parseDecimal } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { HASH_BYTES } from '@/lib/integrity/merkle';
import {
  formatNote,
  type NoteErrorCode,
  type NoteSignature,
  type NoteVerificationCode,
  parseNote,
  signNoteText,
  type VerifiedNote,
  type VerifiedSignature,
  verifyNote,
} from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, type NoteKey, noteKeyOf } from '@/lib/integrity/note-key';

export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
};

export type Cosigner = { readonly name: string; readonly keyId: string; readonly timeUnixS: number };

declare const verifiedBrand: unique symbol;

/** A checkpoint whose log signature was verified; only `verifyCheckpoint` makes one. */
export type VerifiedCheckpoint = Checkpoint & {
  readonly [verifiedBrand]: true;
  /** The whole note as read. */
  readonly bytes: Uint8Array;
  /** The witnesses among the given keys that cosigned it, one per public key, never the log itself. */
  readonly cosigners: readonly Cosigner[];
  readonly unverified: VerifiedNote['unverified'];
};

export type CheckpointErrorCode =
  | NoteErrorCode
  | NoteVerificationCode
  | 'checkpoint_syntax'
  | 'origin_mismatch'
  | 'log_signature_missing';

/** The note text of a checkpoint. */
export function formatCheckpoint(checkpoint: {
  origin: string;
  size: number;
  root: Uint8Array;
  extensions?: readonly string[];
}): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  invariant(isLine(origin) && extensions.every(isLine), 'formatCheckpoint: lines');
  invariant(Number.isSafeInteger(size) && size >= 0, 'formatCheckpoint: size');
  invariant(root.length === HASH_BYTES, 'formatCheckpoint: root');
  return `${[origin, size, formatBase64(root), ...extensions].join('\n')}\n`;
}

/** Inverse of `formatCheckpoint`. Nothing is verified by reading. */
export function parseCheckpoint(text: string): Result<Checkpoint, 'checkpoint_syntax'> {
  if (!text.endsWith('\n')) return err('checkpoint_syntax', 'no final newline');
  const [origin = '', sizeText = '', rootText = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = parseDecimal(sizeText);
  if (!size.ok) return err('checkpoint_syntax', 'size');
  const root = parseBase64(rootText);
  if (!root.ok || root.value.length !== HASH_BYTES) return err('checkpoint_syntax', 'root');
  if (!isLine(origin) || !extensions.every(isLine)) return err('checkpoint_syntax', 'line');
  return ok({ origin, size: size.value, root: root.value, extensions });
}

/**
 * The signed checkpoint as first published: text, empty line, the log's own signature line. These bytes are
 * what the witnesses of layer 3 stamp. Deterministic.
 */
export function signCheckpoint(
  checkpoint: { origin: string; size: number; root: Uint8Array },
  signer: { name: string; seed: Uint8Array },
): Uint8Array {
  const text = formatCheckpoint(checkpoint);
  return formatNote({ text, signatures: [signNoteText(text, signer)] });
}

/** The note key (type 0x01) under which `signCheckpoint` signs. */
export function checkpointKeyOf(signer: { name: string; seed: Uint8Array }): NoteKey {
  return noteKeyOf(signer.name, NOTE_KEY_TYPE.ed25519, publicKeyOf(signer.seed));
}

/** The same note with more signature lines after the ones it has. */
export function addSignatures(
  bytes: Uint8Array,
  signatures: readonly NoteSignature[],
): Result<Uint8Array, NoteErrorCode> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  return ok(formatNote({ text: note.value.text, signatures: [...note.value.signatures, ...signatures] }));
}

/**
 * Verifies attacker-controlled note bytes against pinned keys. The origin must be the expected one and the
 * log's key must have signed; witness keys that signed must verify, those that did not are simply absent.
 */
export function verifyCheckpoint(
  bytes: Uint8Array,
  trust: { origin: string; logKey: NoteKey; witnessKeys?: readonly NoteKey[] },
): Result<VerifiedCheckpoint, CheckpointErrorCode> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value.origin !== trust.origin) return err('origin_mismatch');
  const verified = verifyNote(note.value, [trust.logKey, ...(trust.witnessKeys ?? [])]);
  if (!verified.ok) return verified;
  const { logKey } = trust;
  const signedByLog = verified.value.verified.some(
    ({ name, keyId, type }) =>
      name === logKey.name && keyId === logKey.keyId && type === NOTE_KEY_TYPE.ed25519,
  );
  if (!signedByLog) return err('log_signature_missing');
  const cosigners = distinctCosigners(verified.value.verified, logKey);
  return ok({
    ...checkpoint.value,
    bytes,
    cosigners,
    unverified: verified.value.unverified,
  } as Omit<VerifiedCheckpoint, typeof verifiedBrand> as VerifiedCheckpoint);
}

/** Whoever counts witnesses counts keys, not names; the log's own key is no witness of itself. */
function distinctCosigners(verified: readonly VerifiedSignature[], logKey: NoteKey): Cosigner[] {
  const seen = new Set([formatHex(logKey.publicKey)]);
  return verified.flatMap(({ name, keyId, publicKey, timeUnixS }) => {
    const key = formatHex(publicKey);
    if (timeUnixS === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ name, keyId, timeUnixS }];
  });
}

function isLine(line: string): boolean {
  return line.length > 0 && !line.includes('\n');
}
