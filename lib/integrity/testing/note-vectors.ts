/**
 * Published signed notes and checkpoints: golang/mod's note tests, the example of C2SP signed-note, verifier keys, the Go
 * checksum database, and the checkpoints inside Sigstore's Rekor v2 bundles. Tests only.
 */
import { utf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import {
  hasFile,
  readJson,
  readText,
  type VectorCase,
  type VectorFiles,
} from '@/lib/core/testing/vector-case';
import { verifyCheckpoint } from '../checkpoint';
import { parseNote, verifyNote } from '../note';
import { formatNoteKey, NOTE_KEY_TYPE, type NoteKey, noteKeyOf, parseNoteKey } from '../note-key';

const NOTES = 'tlog/note/signed-note-vectors.json';
const C2SP = 'tlog/cosignature/cosignature-v1-vectors.json';
const SUMDB = 'tlog/sumdb/checkpoint-35225469.note';
const BUNDLES = 'tlog/sigstore-conformance';

/** What golang/mod calls its errors, by their beginnings. */
const CODES: readonly (readonly [error: string, code: string])[] = [
  ['error: malformed note', 'note_syntax'],
  ['error: note has no verifiable signatures', 'no_known_signature'],
  ['error: ambiguous key', 'key_ambiguous'],
  ['error: invalid signature', 'signature_invalid'],
];

interface NoteProbe {
  id: string;
  verifierKeys: string[];
  expect: string;
  msg: string;
  verifiedNames?: string[];
  unverifiedNames?: string[];
}

export function listNoteVectors(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, NOTES)) return [];
  const vectors = readJson<{ badVerifierKeys: string[]; goodVerifierKeys: string[]; cases: NoteProbe[] }>(
    files,
    NOTES,
  );
  return [
    ...vectors.goodVerifierKeys.map((vkey) => ({
      name: `key ${vkey}`,
      expect: vkey,
      run: () => keyWord(vkey),
    })),
    ...vectors.badVerifierKeys.map((vkey) => ({
      name: `bad key ${vkey}`,
      expect: 'refused',
      run: () => (parseNoteKey(vkey).ok ? 'accepted' : 'refused'),
    })),
    ...vectors.cases.map((probe) => ({
      name: `note ${probe.id}`,
      expect: expectationOf(probe),
      run: () => noteWord(probe.msg, probe.verifierKeys),
    })),
    ...listC2spExamples(files),
  ];
}

function expectationOf({ expect, verifiedNames = [], unverifiedNames = [] }: NoteProbe): string {
  if (expect === 'ok') return signersWord(verifiedNames, unverifiedNames);
  return CODES.find(([error]) => expect.startsWith(error))?.[1] ?? `unknown expectation: ${expect}`;
}

const signersWord = (verified: readonly string[], unverified: readonly string[]): string =>
  `verified ${verified.join(', ')}; unverified ${unverified.join(', ') || 'none'}`;

function noteWord(text: string, vkeys: readonly string[]): string {
  const note = parseNote(utf8(text));
  const result = note.ok ? verifyNote(note.value, vkeys.map(readKey)) : note;
  if (!result.ok) return result.code;
  return signersWord(
    result.value.verified.map(({ name }) => name),
    result.value.unverified.map(({ signature }) => signature.name),
  );
}

/** The example of the specification, and a verifier key whose base64 holds plus signs. Cosigned notes are c2sp's. */
function listC2spExamples(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, C2SP)) return [];
  const vectors = readJson<
    { id: string; note?: string; vkey?: string; logVkeys?: string[]; expect: string }[]
  >(files, C2SP);
  return vectors.flatMap(({ id, note, vkey, logVkeys = [], expect }) => {
    if (note !== undefined && expect === 'valid') {
      const signer = logVkeys[0]?.split('+')[0] ?? '';
      return [{ name: id, expect: signersWord([signer], []), run: () => noteWord(note, logVkeys) }];
    }
    if (vkey === undefined || !/key id \w+ does not match/.test(expect)) return [];
    return [{ name: id, expect: 'vkey_id_mismatch', run: () => keyWord(vkey) }];
  });
}

export function listSumdbVectors(files: VectorFiles): VectorCase[] {
  if (!hasFile(files, SUMDB)) return [];
  return [
    {
      name: 'checkpoint 35225469',
      expect: 'valid at size 35225469',
      run: () => judgeSumdb(files, files.readFile(SUMDB)),
    },
  ];
}

/** The published checkpoint, or one that somebody changed, under the published key. */
export function judgeSumdb(files: VectorFiles, bytes: Uint8Array): string {
  const logKey = readKey(readText(files, 'tlog/sumdb/vkey.txt').trim());
  const checkpoint = verifyCheckpoint(bytes, { origin: 'go.sum database tree', logKey });
  return checkpoint.ok ? `valid at size ${checkpoint.value.size}` : 'refused';
}

/** Rekor v2 signs C2SP checkpoints with Ed25519; of these bundles the checkpoint alone is judged. */
const REKOR_CHECKPOINTS: readonly (readonly [bundle: string, expect: string])[] = [
  ['rekor2-checkpoint-cosigned', 'valid'],
  ['rekor2-checkpoint-multiple-cosigs', 'valid'],
  ['rekor2-checkpoint-origin-not-first', 'valid'],
  ['rekor2-checkpoint-two-sigs-cosigned', 'valid'],
  ['rekor2-checkpoint-two-sigs-from-origin', 'valid'],
  ['rekor2-happy-path', 'valid'],
  ['rekor2-checkpoint-missing-log-signature_fail', 'note_syntax'],
  ['rekor2-checkpoint-missing-origin_fail', 'checkpoint_syntax'],
  ['rekor2-checkpoint-missing-size_fail', 'checkpoint_syntax'],
  ['rekor2-checkpoint-missing-root-hash_fail', 'checkpoint_syntax'],
  ['rekor2-checkpoint-no-matching-signature_fail', 'origin_mismatch'],
];

interface Bundle {
  verificationMaterial: { tlogEntries: { inclusionProof: { checkpoint: { envelope: string } } }[] };
}

interface TrustedRoot {
  tlogs: { baseUrl: string; publicKey: { keyDetails: string; rawBytes: string } }[];
}

export function listRekorCheckpointVectors(files: VectorFiles): VectorCase[] {
  return REKOR_CHECKPOINTS.filter(([name]) => hasFile(files, `${BUNDLES}/${name}/bundle.sigstore.json`)).map(
    ([name, expect]) => ({
      name,
      expect,
      run: () => {
        const folder = `${BUNDLES}/${name}`;
        const bundle = readJson<Bundle>(files, `${folder}/bundle.sigstore.json`);
        const logKey = rekorKey(readJson<TrustedRoot>(files, `${folder}/trusted_root.json`));
        const { envelope } = bundle.verificationMaterial.tlogEntries[0]?.inclusionProof.checkpoint ?? {};
        const verified = verifyCheckpoint(utf8(envelope ?? ''), { origin: logKey.name, logKey });
        return verified.ok ? 'valid' : verified.code;
      },
    }),
  );
}

function rekorKey({ tlogs }: TrustedRoot): NoteKey {
  const tlog = tlogs.find(({ publicKey }) => publicKey.keyDetails === 'PKIX_ED25519');
  const spki = parseBase64(tlog?.publicKey.rawBytes ?? '');
  if (!tlog || !spki.ok) throw new Error('a trusted root with an Ed25519 log expected');
  return noteKeyOf(new URL(tlog.baseUrl).host, NOTE_KEY_TYPE.ed25519, spki.value.slice(12));
}

function keyWord(vkey: string): string {
  const key = parseNoteKey(vkey);
  return key.ok ? formatNoteKey(key.value) : key.code;
}

function readKey(vkey: string): NoteKey {
  const key = parseNoteKey(vkey);
  if (!key.ok) throw new Error(`${vkey}: ${key.code}`);
  return key.value;
}
