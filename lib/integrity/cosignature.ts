/**
 * Witness cosignatures (C2SP tlog-cosignature, cosignature/v1, key type 0x04):
 *
 *   signature field = u64be(time) ‖ Ed25519 signature (64 bytes), after the 4-byte key id of the note line
 *   signed message  = "cosignature/v1\ntime " ‖ decimal(time) ‖ "\n" ‖ note text including its last newline
 *
 * `time` is seconds since the Unix epoch. Worked example at time 1679315147 over the note text `a\n`:
 *   `cosignature/v1\ntime 1679315147\na\n`
 */
import { concatBytes, readU64be, u64be, utf8 } from '@/lib/core/bytes';
import { publicKeyOf, signEd25519, verifyEd25519 } from '@/lib/core/ed25519';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';
import { NOTE_KEY_TYPE, type NoteKey, noteKeyOf } from '@/lib/integrity/note-key';

const COSIGNATURE_BYTES = 72;

/** The bytes that a witness signs. */
export function cosignatureMessage(noteText: string, timeUnixS: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timeUnixS}\n${noteText}`);
}

/** Signature field of a cosignature, with the key id it belongs under. */
export function signCosignature(
  noteText: string,
  witness: { name: string; seed: Uint8Array },
  timeUnixS: number,
): { name: string; keyId: string; signature: Uint8Array } {
  invariant(Number.isSafeInteger(timeUnixS) && timeUnixS >= 0, 'signCosignature: time');
  const key = noteKeyOf(witness.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(witness.seed));
  const signature = signEd25519(witness.seed, cosignatureMessage(noteText, timeUnixS));
  return { name: key.name, keyId: key.keyId, signature: concatBytes(u64be(timeUnixS), signature) };
}

/** Checks a signature field by a type 0x04 key; the value is the time that the witness vouches for. */
export function verifyCosignature(
  noteText: string,
  key: NoteKey,
  signature: Uint8Array,
): Result<{ timeUnixS: number }, 'cosignature_syntax' | 'signature_invalid'> {
  invariant(key.type === NOTE_KEY_TYPE.cosignatureV1, 'verifyCosignature: key type');
  if (signature.length !== COSIGNATURE_BYTES) return err('cosignature_syntax');
  const time = readU64be(signature);
  if (!time.ok) return err('cosignature_syntax', 'time');
  const message = cosignatureMessage(noteText, time.value);
  return verifyEd25519(key.publicKey, message, signature.subarray(8))
    ? ok({ timeUnixS: time.value })
    : err('signature_invalid');
}
