import { signCosignature } from '@/lib/integrity/cosignature';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { ADD_CHECKPOINT_STATUS, type AddCheckpointOutcome } from './decide-add-checkpoint';

/** What a witness answers over HTTP (C2SP tlog-witness). */
export interface WitnessAnswer {
  status: number;
  contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  body: string;
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

export function refuseCheckpoint(code: keyof typeof ADD_CHECKPOINT_STATUS): WitnessAnswer {
  return {
    status: ADD_CHECKPOINT_STATUS[code],
    contentType: 'text/plain; charset=utf-8',
    body: `${SENTENCES[code]}\n`,
  };
}

/** The size that was cosigned last: the log tries again from there. */
export function tellSize(size: number): WitnessAnswer {
  return {
    status: ADD_CHECKPOINT_STATUS.old_size_mismatch,
    contentType: 'text/x.tlog.size',
    body: `${size}\n`,
  };
}

/** The cosignature line. Only after the new head is durable. */
export function cosignCheckpoint(
  { checkpoint }: Extract<AddCheckpointOutcome, { kind: 'cosign' }>,
  witness: { name: string; seed: Uint8Array },
  nowMs: number,
): WitnessAnswer {
  const note = parseNote(checkpoint.bytes);
  if (!note.ok) return refuseCheckpoint('checkpoint_syntax');
  const signature = signCosignature(note.value.text, witness, Math.floor(nowMs / 1000));
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: formatSignatureLine(signature) };
}
