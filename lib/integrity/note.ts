/**
 * Signed notes (C2SP signed-note): a text and who signed it.
 *
 *   <text, one or more lines, ends with a newline>
 *   <empty line>
 *   — <key name> base64(key id, 4 bytes ‖ signature)          one line per signature, U+2014 and a space
 *
 * Worked example: "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYR…yaQM=\n".
 * Signatures by unknown keys are ignored; a known key that fails rejects the whole note.
 */
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { publicKeyOf, signEd25519, verifyEd25519 } from '@/lib/core/ed25519';
import { formatBase64, formatHex, parseBase64, parseHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { verifyCosignature } from '@/lib/integrity/cosignature';
import {
  isNoteKeyName,
  NOTE_KEY_TYPE,
  type NoteKey,
  type NoteKeyType,
  noteKeyOf,
} from '@/lib/integrity/note-key';

const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const LINE_START = '— ';

/** `signature` is what follows the key id; for cosignatures it starts with the time. */
export type NoteSignature = { readonly name: string; readonly keyId: string; readonly signature: Uint8Array };

/** A note as read: nothing in it has been verified. `text` includes its last newline. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

export type VerifiedSignature = {
  readonly name: string;
  readonly keyId: string;
  readonly type: NoteKeyType;
  readonly publicKey: Uint8Array;
  /** Only for cosignatures: the witness's time, seconds. */
  readonly timeUnixS?: number;
};

export type VerifiedNote = {
  readonly text: string;
  readonly verified: readonly VerifiedSignature[];
  readonly unverified: readonly {
    readonly signature: NoteSignature;
    readonly reason: 'key_unknown' | 'algorithm_unsupported';
  }[];
};

export type NoteErrorCode = 'note_too_large' | 'note_syntax';
export type NoteVerificationCode = 'signature_invalid' | 'key_ambiguous' | 'no_known_signature';

/** Reads hostile bytes as a note; what is accepted prints back byte for byte. */
export function parseNote(bytes: Uint8Array): Result<Note, NoteErrorCode> {
  if (bytes.length > MAX_NOTE_BYTES) return err('note_too_large');
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return err('note_syntax', 'utf-8');
  const whole = decoded.value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be refused
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) return err('note_syntax', 'control character');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) return err('note_syntax', 'no signatures');
  const text = whole.slice(0, split + 1);
  const block = whole.slice(split + 2);
  if (!block.endsWith('\n')) return err('note_syntax', 'no final newline');
  const lines = block.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return err('note_syntax', 'too many signatures');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (!signature) return err('note_syntax', 'signature line');
    signatures.push(signature);
  }
  return ok({ text, signatures });
}

/** Inverse of `parseNote`. */
export function formatNote(note: Note): Uint8Array {
  invariant(note.text.endsWith('\n') && note.signatures.length > 0, 'formatNote: text and signatures');
  return utf8(`${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`);
}

/** `— name base64(key id ‖ signature)\n`. */
export function formatSignatureLine(signature: NoteSignature): string {
  const keyId = parseHex(signature.keyId);
  invariant(keyId.ok && keyId.value.length === 4, 'formatSignatureLine: key id');
  invariant(isNoteKeyName(signature.name), 'formatSignatureLine: name');
  return `${LINE_START}${signature.name} ${formatBase64(concatBytes(keyId.value, signature.signature))}\n`;
}

/** A type 0x01 signature over a note text. */
export function signNoteText(text: string, signer: { name: string; seed: Uint8Array }): NoteSignature {
  const key = noteKeyOf(signer.name, NOTE_KEY_TYPE.ed25519, publicKeyOf(signer.seed));
  return { name: key.name, keyId: key.keyId, signature: signEd25519(signer.seed, utf8(text)) };
}

/**
 * Checks every signature whose key is among `keys` (matched by name and id); at least one must be verifiable.
 * Repeated signatures of one key count once, and repeated lines of unknown keys are listed once.
 */
export function verifyNote(note: Note, keys: readonly NoteKey[]): Result<VerifiedNote, NoteVerificationCode> {
  const verified = new Map<string, VerifiedSignature>();
  const unverified: { signature: NoteSignature; reason: 'key_unknown' | 'algorithm_unsupported' }[] = [];
  const unknownLines = new Set<string>();
  const text = utf8(note.text);
  for (const signature of note.signatures) {
    const { name, keyId } = signature;
    const [key, second] = keys.filter((candidate) => candidate.name === name && candidate.keyId === keyId);
    if (second) return err('key_ambiguous', `${name}+${keyId}`);
    if (!key) {
      const line = formatSignatureLine(signature);
      if (!unknownLines.has(line)) unverified.push({ signature, reason: 'key_unknown' });
      unknownLines.add(line);
      continue;
    }
    if (key.type === NOTE_KEY_TYPE.mlDsa44) {
      unverified.push({ signature, reason: 'algorithm_unsupported' });
      continue;
    }
    if (key.type === NOTE_KEY_TYPE.cosignatureV1) {
      const cosigned = verifyCosignature(note.text, key, signature.signature);
      if (!cosigned.ok) return err('signature_invalid', `${name}+${keyId}`);
      verified.set(`${name}+${keyId}`, { ...key, timeUnixS: cosigned.value.timeUnixS });
      continue;
    }
    if (!verifyEd25519(key.publicKey, text, signature.signature)) {
      return err('signature_invalid', `${name}+${keyId}`);
    }
    verified.set(`${name}+${keyId}`, key);
  }
  if (verified.size === 0) return err('no_known_signature');
  return ok({ text: note.text, verified: [...verified.values()], unverified });
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  if (!line.startsWith(LINE_START)) return undefined;
  const space = line.indexOf(' ', LINE_START.length);
  if (space < 0) return undefined;
  const name = line.slice(LINE_START.length, space);
  const bytes = parseBase64(line.slice(space + 1));
  if (!isNoteKeyName(name) || !bytes.ok || bytes.value.length < 5) return undefined;
  return { name, keyId: formatHex(bytes.value.subarray(0, 4)), signature: bytes.value.slice(4) };
}
