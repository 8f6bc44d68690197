import { concatBytes, equalBytes } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { err, ok, type Result } from '@/lib/core/result';
import type { Check } from '@/lib/integrity/check';
import { parseCheckpoint } from '@/lib/integrity/checkpoint';
import { verifyCosignature } from '@/lib/integrity/cosignature';
import { type NoteSignature, parseNote } from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, type NoteKey } from '@/lib/integrity/note-key';
import { reportWitness, type Stamped, type WitnessReport } from '@/lib/integrity/witness/witness-report';

/** A few lines: a witness may sign with several keys. */
export const MAX_COSIGNATURE_BYTES = 65_536;
/** What ECMAScript's dates can hold, in seconds. */
const LAST_TIME_S = 8_640_000_000_000;

const FORM = {
  id: 'c2sp.form',
  title: 'Form of the cosignature',
  compared: 'the receipt with the signature lines of a signed note, under the stamped checkpoint',
} as const;
const SIGNATURE = { id: 'c2sp.signature', title: 'Signature of the witness' } as const;

/**
 * Verifies attacker-controlled cosignature lines (C2SP tlog-cosignature v1) over the stamped checkpoint's text. Lines by
 * keys that are not pinned are ignored, as long as one pinned key signed; a pinned key whose line fails makes the receipt
 * INVALID. A cosignature also vouches that the log only grew since the witness saw it last.
 */
export function verifyWitnessCosignature(
  receipt: Uint8Array,
  stamped: Stamped,
  trust: { witnessKeys: readonly NoteKey[] },
): WitnessReport {
  if (stamped.kind !== 'bytes') {
    const reason = 'a cosignature is over the text of the checkpoint, of which only a digest is here';
    return reportWitness([{ ...FORM, verdict: 'not-checked', reason }]);
  }
  const read = readLines(receipt, stamped.bytes);
  if (!read.ok)
    return reportWitness([
      { ...FORM, verdict: 'invalid', code: read.code, ...(read.detail ? { reason: read.detail } : {}) },
    ]);
  const form: Check = { ...FORM, verdict: 'valid' };
  const lines = read.value.lines.map((line) => judgeLine(read.value.text, line, trust.witnessKeys));
  const decided = lines.filter(({ check }) => check.verdict !== 'not-checked');
  const counted = decided.length > 0 ? decided : lines.slice(0, 1);
  const times = counted.flatMap(({ timeUnixS }) => (timeUnixS === null ? [] : [timeUnixS]));
  return reportWitness([form, ...counted.map(({ check }) => check)], {
    witnessedAtMs: times.length === 0 ? null : Math.max(...times) * 1000,
    witness: counted[0]?.name ?? null,
  });
}

interface JudgedLine {
  check: Check;
  name: string;
  timeUnixS: number | null;
}

function judgeLine(text: string, line: NoteSignature, keys: readonly NoteKey[]): JudgedLine {
  const { name } = line;
  const id = `${name}+${line.keyId}`;
  const [key, second] = keys.filter((one) => one.name === name && one.keyId === line.keyId);
  const base = {
    ...SIGNATURE,
    key: id,
    compared: 'the checkpoint’s text and a time, as the witness signed them',
  };
  const notChecked = (reason: string): JudgedLine => ({
    check: { ...base, verdict: 'not-checked', reason },
    name,
    timeUnixS: null,
  });
  if (!key) return notChecked(`no key ${id} is pinned here`);
  if (second && !equalBytes(key.publicKey, second.publicKey))
    return notChecked(`two different keys are pinned as ${id}`);
  if (key.type !== NOTE_KEY_TYPE.cosignatureV1)
    return notChecked(
      key.type === NOTE_KEY_TYPE.mlDsa44
        ? 'ML-DSA-44 cosignatures are read here and not verified yet'
        : 'the pinned key is a log’s key, not a witness’s',
    );
  const root = { name, fingerprint: formatDigest('sha-256', sha256(key.publicKey)) };
  const verified = verifyCosignature(text, key, line.signature);
  const invalid = (code: string): JudgedLine => ({
    check: { ...base, root, verdict: 'invalid', code },
    name,
    timeUnixS: null,
  });
  if (!verified.ok) return invalid(verified.code);
  const { timeUnixS } = verified.value;
  if (timeUnixS > LAST_TIME_S) return invalid('time_out_of_range');
  const at = new Date(timeUnixS * 1000).toISOString();
  return {
    check: {
      ...base,
      root,
      verdict: 'valid',
      compared: `the checkpoint’s text and the time ${at}, as signed`,
    },
    name,
    timeUnixS,
  };
}

/**
 * The receipt's lines as the note they belong to would hold them (tlog-witness: "the client MAY concatenate it to the
 * checkpoint"): what was appended must neither move the end of the text nor take away a signature.
 */
function readLines(
  receipt: Uint8Array,
  note: Uint8Array,
): Result<
  { text: string; lines: NoteSignature[] },
  'cosignature_too_large' | 'stamped_not_checkpoint' | 'cosignature_syntax'
> {
  if (receipt.length > MAX_COSIGNATURE_BYTES) return err('cosignature_too_large');
  const bare = parseNote(note);
  if (!bare.ok || !parseCheckpoint(bare.value.text).ok) return err('stamped_not_checkpoint');
  if (receipt.length === 0) return err('cosignature_syntax', 'it is empty');
  const whole = parseNote(concatBytes(note, receipt));
  if (!whole.ok) return err('cosignature_syntax', whole.detail ?? whole.code);
  const had = bare.value.signatures.length;
  if (whole.value.text !== bare.value.text) return err('cosignature_syntax', 'more than signature lines');
  return ok({ text: bare.value.text, lines: whole.value.signatures.slice(had) });
}
