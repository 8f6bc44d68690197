import { formatBase64, formatHex } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import {
  type Checkpoint,
  parseCheckpoint,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from '@/lib/integrity/checkpoint';
import { type Note, parseNote } from '@/lib/integrity/note';
import { type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { parseAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { formatRoot } from '../find-root';
import type { TrustRootOf } from '../trust/trust-root';
import type { ArtefactRun } from './artefact-report';
import { checkRemembered, type Growth } from './check-remembered';

/** A signed tree head: the log's own signature, its witnesses, and the head remembered from before. */
export async function verifyCheckpointFile(run: ArtefactRun, bytes: Uint8Array): Promise<void> {
  await checkSignedHead(run, bytes, null);
  run.note(
    'A checkpoint fixes a log at one size. What is in the log is shown by proofs, records and packages.',
  );
}

/** A checkpoint with the proof that the log grew to it (C2SP tlog-witness `add-checkpoint` request). */
export async function verifyCheckpointUpdateFile(run: ArtefactRun, bytes: Uint8Array): Promise<void> {
  const parsed = parseAddCheckpoint(bytes);
  if (!parsed.ok) {
    run.tell({
      id: 'log.growth',
      title: 'Form',
      verdict: 'invalid',
      code: parsed.code,
      compared: 'the file with the form of a checkpoint and its proof of growth',
    });
    return;
  }
  const { oldSize, proof, checkpoint } = parsed.value;
  run.say('Grown from', `size ${oldSize.toLocaleString('en')}, by ${proof.length} hashes`);
  await checkSignedHead(run, checkpoint, { oldSize, proof });
}

/** The lines of a signed head, and the head itself when a pinned key signed it. */
export async function checkSignedHead(
  run: ArtefactRun,
  bytes: Uint8Array,
  growth: Growth | null,
): Promise<VerifiedCheckpoint | null> {
  const note = parseNote(bytes);
  const head = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!note.ok || !head.ok) {
    run.tell({
      id: 'log.checkpoint',
      title: 'Checkpoint',
      verdict: 'invalid',
      code: note.ok ? (head.ok ? '' : head.code) : note.code,
      compared: 'the text with the form of a signed checkpoint',
    });
    return null;
  }
  sayHead(run, head.value);
  const log = findLogKey(run, head.value, note.value);
  if (!log) {
    run.tell(unpinned(head.value, note.value));
    return null;
  }
  const witnesses = readWitnessKeys(run);
  const verified = verifyCheckpoint(bytes, {
    origin: head.value.origin,
    logKey: log.key,
    witnessKeys: witnesses.map(({ key }) => key),
  });
  const base = {
    id: 'log.checkpoint',
    title: 'Checkpoint',
    compared: `size ${head.value.size.toLocaleString('en')}, root ${formatHex(head.value.root).slice(0, 16)}…, with the signature of the log`,
    key: `${log.key.name}+${log.key.keyId}`,
    root: formatRoot(log.root),
  };
  if (!verified.ok) {
    run.tell({ ...base, verdict: 'invalid', code: verified.code });
    return null;
  }
  run.tell({ ...base, verdict: 'valid' });
  tellCosigners(run, verified.value, witnesses);
  const remembered = await run.context.remembered(head.value.origin);
  const { vkey } = log.root;
  if (remembered) run.tell(checkRemembered(verified.value, vkey, remembered, growth));
  else
    run.note(
      'Nothing of this log was remembered here. From now on this checkpoint is, and a later one must have grown from it.',
    );
  const { size, root, origin } = verified.value;
  if (remembered === null || size >= remembered.size)
    run.remember(origin, { size, root, vkey, atMs: run.context.nowMs });
  return verified.value;
}

function sayHead(run: ArtefactRun, head: Checkpoint): void {
  run.say('Log', head.origin, 'id');
  run.say('Size', `${head.size.toLocaleString('en')} entries`);
  run.say('Root', formatBase64(head.root), 'id');
  for (const line of head.extensions) run.say('Extension', line);
}

/** A pinned log key that has signed this note: by name and id, never by guess. */
function findLogKey(
  run: ArtefactRun,
  head: Checkpoint,
  note: Note,
): { key: NoteKey; root: TrustRootOf<'log'> } | null {
  for (const root of run.context.roots) {
    if (root.kind !== 'log') continue;
    const key = parseNoteKey(root.vkey);
    if (!key.ok) continue;
    const signed = note.signatures.some(
      ({ name, keyId }) => name === key.value.name && keyId === key.value.keyId,
    );
    if (signed || key.value.name === head.origin) return { key: key.value, root };
  }
  return null;
}

function unpinned(head: Checkpoint, note: Note): Check {
  const names = note.signatures.map(({ name, keyId }) => `${name}+${keyId}`);
  return {
    id: 'log.checkpoint',
    title: 'Checkpoint',
    verdict: 'not-checked',
    compared: `the signatures of ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} with pinned keys`,
    reason: `no key of ${head.origin} is pinned: pin its note key (a line beginning ${names[0] ?? head.origin})`,
  };
}

function readWitnessKeys(run: ArtefactRun): { key: NoteKey; root: TrustRootOf<'witness'> }[] {
  return run.context.roots.flatMap((root) => {
    const key = root.kind === 'witness' ? parseNoteKey(root.vkey) : null;
    return root.kind === 'witness' && key?.ok ? [{ key: key.value, root }] : [];
  });
}

function tellCosigners(
  run: ArtefactRun,
  head: VerifiedCheckpoint,
  witnesses: readonly { key: NoteKey; root: TrustRootOf<'witness'> }[],
): void {
  for (const { name, keyId, timeUnixS } of head.cosigners) {
    const root = witnesses.find(({ key }) => key.name === name && key.keyId === keyId)?.root;
    run.tell({
      id: `witness.${name}`,
      title: 'Witness cosignature',
      verdict: 'valid',
      compared: `that ${name} saw this very checkpoint at ${new Date(timeUnixS * 1_000).toISOString()}`,
      key: `${name}+${keyId}`,
      ...(root ? { root: formatRoot(root) } : {}),
    });
  }
  const others = head.unverified.map(({ signature }) => `${signature.name}+${signature.keyId}`);
  if (others.length > 0)
    run.note(
      `Signatures by keys that are not pinned prove nothing here and were left aside: ${others.join(', ')}.`,
    );
}
