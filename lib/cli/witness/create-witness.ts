import { publicKeyOf } from '@/lib/core/ed25519';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { formatNoteKey, NOTE_KEY_TYPE, type NoteKey, noteKeyOf } from '@/lib/integrity/note-key';
import { parseAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import {
  ADD_CHECKPOINT_STATUS,
  type AddCheckpointOutcome,
  decideAddCheckpoint,
} from '@/lib/integrity/witness/c2sp/decide-add-checkpoint';
import type { WitnessStore } from './witness-store';

export interface WitnessAnswer {
  status: number;
  contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  body: string;
}

export interface Witness {
  /** C2SP verifier key of its cosignatures. */
  vkey: string;
  logs: readonly NoteKey[];
  /** Answers one add-checkpoint body. @throws when the new head could not be made durable */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
}

/** Why each refusal: the request's own words are never repeated. */
const SENTENCES: Readonly<Record<keyof typeof ADD_CHECKPOINT_STATUS, string>> = {
  add_checkpoint_syntax: 'the body is not an add-checkpoint request',
  checkpoint_syntax: 'the note is not a checkpoint',
  old_size_beyond_new: 'the old size is beyond the checkpoint',
  signature_invalid: 'invalid signature',
  origin_unknown: 'unknown log',
  old_size_mismatch: 'another size was cosigned last',
  root_conflict: 'another tree of this size was cosigned',
  consistency_invalid: 'bad consistency proof',
};

const refusal = (code: keyof typeof ADD_CHECKPOINT_STATUS): WitnessAnswer => ({
  status: ADD_CHECKPOINT_STATUS[code],
  contentType: 'text/plain; charset=utf-8',
  body: `${SENTENCES[code]}\n`,
});

const sizeAnswer = (size: number): WitnessAnswer => ({
  status: ADD_CHECKPOINT_STATUS.old_size_mismatch,
  contentType: 'text/x.tlog.size',
  body: `${size}\n`,
});

/**
 * A C2SP witness (tlog-witness): it cosigns a checkpoint only after the new head is on disk, and only if nobody moved the
 * head since it was decided on.
 * @param hooks.onDecided runs between the decision and the write, for tests that force the race
 */
export function createWitness(options: {
  name: string;
  seed: Uint8Array;
  logs: readonly NoteKey[];
  store: WitnessStore;
  nowMs: () => number;
  hooks?: { onDecided?: () => Promise<void>; onPersisted?: () => Promise<void> };
}): Witness {
  const { name, seed, logs, store, nowMs, hooks = {} } = options;
  const key = noteKeyOf(name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(seed));
  return {
    vkey: formatNoteKey(key),
    logs,
    async addCheckpoint(body) {
      const request = parseAddCheckpoint(body);
      if (!request.ok) return refusal('add_checkpoint_syntax');
      const { origin } = request.value;
      const head = store.head(origin);
      const logKeys = logs.filter((log) => log.name === origin);
      const outcome = decideAddCheckpoint({ logKeys, head }, request.value);
      if (outcome.kind === 'refuse') return refusal(outcome.code);
      if (outcome.kind === 'retry') return sizeAnswer(outcome.size);
      await hooks.onDecided?.();
      if (!store.advance(origin, head, outcome.checkpoint)) return sizeAnswer(store.head(origin)?.size ?? 0);
      await hooks.onPersisted?.();
      return cosign(outcome, { name, seed }, nowMs());
    },
  };
}

function cosign(
  { checkpoint }: Extract<AddCheckpointOutcome, { kind: 'cosign' }>,
  witness: { name: string; seed: Uint8Array },
  nowMs: number,
): WitnessAnswer {
  const note = parseNote(checkpoint.bytes);
  if (!note.ok) return refusal('checkpoint_syntax');
  const signature = signCosignature(note.value.text, witness, Math.floor(nowMs / 1000));
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: formatSignatureLine(signature) };
}
