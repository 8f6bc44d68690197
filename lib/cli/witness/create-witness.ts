import { publicKeyOf } from '@/lib/core/ed25519';
import { formatNoteKey, NOTE_KEY_TYPE, type NoteKey, noteKeyOf } from '@/lib/integrity/note-key';
import { parseAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import {
  cosignCheckpoint,
  refuseCheckpoint,
  tellSize,
  type WitnessAnswer,
} from '@/lib/integrity/witness/c2sp/answer-add-checkpoint';
import { decideAddCheckpoint } from '@/lib/integrity/witness/c2sp/decide-add-checkpoint';
import type { WitnessStore } from './witness-store';

export interface Witness {
  /** C2SP verifier key of its cosignatures. */
  vkey: string;
  logs: readonly NoteKey[];
  /** Answers one add-checkpoint body. @throws when the new head could not be made durable */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
}

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
      if (!request.ok) return refuseCheckpoint('add_checkpoint_syntax');
      const { origin } = request.value;
      const head = store.head(origin);
      const logKeys = logs.filter((log) => log.name === origin);
      const outcome = decideAddCheckpoint({ logKeys, head }, request.value);
      if (outcome.kind === 'refuse') return refuseCheckpoint(outcome.code);
      if (outcome.kind === 'retry') return tellSize(outcome.size);
      await hooks.onDecided?.();
      if (!store.advance(origin, head, outcome.checkpoint)) return tellSize(store.head(origin)?.size ?? 0);
      await hooks.onPersisted?.();
      return cosignCheckpoint(outcome, { name, seed }, nowMs());
    },
  };
}
