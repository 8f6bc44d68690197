/**
 * Checkpoints of Rekor logs: notes (C2SP signed-note, tlog-checkpoint) signed by the log, with ECDSA in v1 and Ed25519 in
 * v2. v1 appends the tree's number to the name, `rekor.sigstore.dev - 2605736670972794746`. Lines by keys that are not
 * pinned are passed over, wherever they stand.
 */
import { utf8 } from '@/lib/core/bytes';
import { err, ok, type Result } from '@/lib/core/result';
import { parseCheckpoint } from '@/lib/integrity/checkpoint';
import { verifyCosignature } from '@/lib/integrity/cosignature';
import { type Note, parseNote } from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, type NoteKey } from '@/lib/integrity/note-key';
import type { RekorCode } from '@/lib/integrity/witness/rekor/rekor-lines';
import type { RekorLog } from '@/lib/integrity/witness/rekor/rekor-log';

/** The end of the year 9999. */
const LAST_TIME_S = 253_402_300_799;

export interface SignedHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: Note;
}

export interface HeadWitness {
  readonly name: string;
  readonly keyId: string;
  /** Seconds since the Unix epoch; null where its signature or its time is none. */
  readonly timeUnixS: number | null;
}

/** Size and root that the log signed. */
export function verifyRekorCheckpoint(envelope: string, log: RekorLog): Result<SignedHead, RekorCode> {
  const note = parseNote(utf8(envelope));
  if (!note.ok) return err('rekor_checkpoint', note.detail ?? note.code);
  const { text, signatures } = note.value;
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint.ok) return err('rekor_checkpoint', checkpoint.detail);
  const { origin, size, root } = checkpoint.value;
  if (!isOriginOf(origin, log)) return err('rekor_checkpoint_origin', origin.slice(0, 200));
  const own = signatures.filter(({ name, keyId }) => name === log.origin && keyId === log.keyId);
  if (own.length === 0) return err('rekor_checkpoint_unsigned');
  const message = utf8(text);
  if (!own.every(({ signature }) => log.verify(message, signature))) return err('rekor_checkpoint_signature');
  return ok({ size, root, note: note.value });
}

/** The pinned witnesses among those that cosigned. */
export function listHeadWitnesses({ text, signatures }: Note, keys: readonly NoteKey[]): HeadWitness[] {
  return signatures.flatMap(({ name, keyId, signature }) => {
    const key = keys.find(
      (one) => one.type === NOTE_KEY_TYPE.cosignatureV1 && one.name === name && one.keyId === keyId,
    );
    if (!key) return [];
    const verified = verifyCosignature(text, key, signature);
    const isDate = verified.ok && verified.value.timeUnixS <= LAST_TIME_S;
    return [{ name, keyId, timeUnixS: isDate ? verified.value.timeUnixS : null }];
  });
}

function isOriginOf(line: string, { origin }: RekorLog): boolean {
  return (
    line === origin || (line.startsWith(`${origin} - `) && /^[0-9]+$/.test(line.slice(origin.length + 3)))
  );
}
