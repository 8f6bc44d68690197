import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64 } from '@/lib/core/encoding';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatNote, parseNote, signNoteText, verifyNote } from '@/lib/integrity/note';
import {
  formatNoteKey,
  NOTE_KEY_TYPE,
  type NoteKey,
  noteKeyOf,
  parseNoteKey,
} from '@/lib/integrity/note-key';
import { listNoteVectors } from './testing/note-vectors';

const TEXT = 'one\ntwo\n';

function seedOf(n: number): Uint8Array {
  return new Uint8Array(32).fill(n);
}

function keyOf(name: string, n: number): NoteKey {
  return noteKeyOf(name, NOTE_KEY_TYPE.ed25519, publicKeyOf(seedOf(n)));
}

function noteKey(vkey: string): NoteKey {
  const key = parseNoteKey(vkey);
  if (!key.ok) throw new Error(`${vkey}: ${key.code}`);
  return key.value;
}

describe('note', () => {
  const signed = formatNote({
    text: TEXT,
    signatures: [signNoteText(TEXT, { name: 'a.example/log', seed: seedOf(1) })],
  });

  it('reads back what it prints', () => {
    const note = parseNote(signed);
    expect(note.ok && formatNote(note.value)).toEqual(signed);
    expect(note.ok && note.value.text).toBe(TEXT);
  });

  it('cuts at the last empty line, so that a text may hold empty lines and signature look-alikes', () => {
    const text = 'one\n\n— fake AAAAAAA=\n\ntwo\n';
    const bytes = formatNote({ text, signatures: [signNoteText(text, { name: 'n', seed: seedOf(1) })] });
    const note = parseNote(bytes);
    expect(note.ok && note.value.text).toBe(text);
    expect(note.ok && verifyNote(note.value, [keyOf('n', 1)]).ok).toBe(true);
  });

  it('takes 16 signatures and more', () => {
    const signatures = Array.from({ length: 20 }, (_, n) =>
      signNoteText(TEXT, { name: `w${n}`, seed: seedOf(n) }),
    );
    const note = parseNote(formatNote({ text: TEXT, signatures }));
    const keys = Array.from({ length: 20 }, (_, n) => keyOf(`w${n}`, n));
    const verified = note.ok ? verifyNote(note.value, keys) : note;
    expect(verified).toMatchObject({ ok: true });
    expect(verified.ok ? verified.value.verified : []).toHaveLength(20);
  });

  const line = '— n AAAAAAA=\n';
  it.each([
    ['no signatures at all', TEXT],
    ['an empty signature block', `${TEXT}\n`],
    ['no final newline', `${TEXT}\n${line.trimEnd()}`],
    ['a hyphen instead of the dash', `${TEXT}\n- n AAAAAAA=\n`],
    ['an en dash', `${TEXT}\n– n AAAAAAA=\n`],
    ['two spaces', `${TEXT}\n—  n AAAAAAA=\n`],
    ['a name with a plus', `${TEXT}\n— n+m AAAAAAA=\n`],
    ['a name with a no-break space', `${TEXT}\n— n\u00a0m AAAAAAA=\n`],
    ['an empty name', `${TEXT}\n—  AAAAAAA=\n`],
    ['a key id without signature', `${TEXT}\n— n AAAAAA==\n`],
    ['unpadded base64', `${TEXT}\n— n AAAAAAA\n`],
    ['stray base64 bits', `${TEXT}\n— n AAAAAAB=\n`],
    ['a carriage return', `${TEXT}\n— n AAAAAAA=\r\n`],
    ['a tab', `o\tne\n\n${line}`],
    ['a NUL', `o\u0000ne\n\n${line}`],
    ['text after the signatures', `${TEXT}\n${line}more\n`],
    ['101 signatures', `${TEXT}\n${line.repeat(101)}`],
  ])('refuses %s', (_, text) => {
    expect(parseNote(utf8(text))).toMatchObject({ ok: false, code: 'note_syntax' });
  });

  it('refuses malformed UTF-8 and a megabyte', () => {
    expect(parseNote(Uint8Array.of(0xff, ...signed))).toMatchObject({ code: 'note_syntax' });
    expect(parseNote(new Uint8Array(1_000_001))).toMatchObject({ code: 'note_too_large' });
  });

  it('counts a repeated signature once, and rejects the note when the repetition is forged', () => {
    const good = signNoteText(TEXT, { name: 'n', seed: seedOf(1) });
    const twice = verifyNote({ text: TEXT, signatures: [good, good] }, [keyOf('n', 1)]);
    expect(twice.ok && twice.value.verified.length).toBe(1);
    const forged = { ...good, signature: new Uint8Array(64).fill(1) };
    expect(verifyNote({ text: TEXT, signatures: [good, forged] }, [keyOf('n', 1)])).toMatchObject({
      code: 'signature_invalid',
    });
  });

  it('lists a line of an unknown key once, however often it stands there', () => {
    const known = signNoteText(TEXT, { name: 'n', seed: seedOf(1) });
    const other = signNoteText(TEXT, { name: 'm', seed: seedOf(2) });
    const bent = { ...other, signature: other.signature.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) };
    const verified = verifyNote({ text: TEXT, signatures: [known, known, other, other, bent] }, [
      keyOf('n', 1),
    ]);
    expect(verified).toMatchObject({ ok: true, value: { verified: [{ name: 'n' }] } });
    expect(verified.ok && verified.value.unverified.map(({ signature }) => signature)).toEqual([other, bent]);
  });

  it.each([
    ['at the beginning of time', 0],
    ['at the last second that a number holds', Number.MAX_SAFE_INTEGER],
  ])('reads a cosignature %s', (_, timeUnixS) => {
    const witness = { name: 'w', seed: seedOf(3) };
    const key = noteKeyOf('w', NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(witness.seed));
    const note = { text: TEXT, signatures: [signCosignature(TEXT, witness, timeUnixS)] };
    const verified = verifyNote(note, [key]);
    expect(verified.ok && verified.value.verified).toMatchObject([{ name: 'w', timeUnixS }]);
  });

  it.each([
    ['a time of 2^63', new Uint8Array([0x80, 0, 0, 0, 0, 0, 0, 0])],
    ['a time of 2^64 − 1', new Uint8Array(8).fill(0xff)],
  ])('refuses a cosignature with %s', (_, time) => {
    const key = noteKeyOf('w', NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(seedOf(3)));
    const signature = new Uint8Array(72);
    signature.set(time);
    const note = { text: TEXT, signatures: [{ name: 'w', keyId: key.keyId, signature }] };
    expect(verifyNote(note, [key])).toMatchObject({ ok: false, code: 'signature_invalid' });
  });

  it('takes 16 post-quantum lines of witnesses that nobody knows', () => {
    const log = signNoteText(TEXT, { name: 'n', seed: seedOf(1) });
    const witnesses = Array.from({ length: 16 }, (_, n) => {
      const key = noteKeyOf(`pq${n}`, NOTE_KEY_TYPE.mlDsa44, new Uint8Array(1312).fill(n));
      return { name: key.name, keyId: key.keyId, signature: new Uint8Array(2428).fill(n) };
    });
    const note = parseNote(formatNote({ text: TEXT, signatures: [...witnesses, log] }));
    const verified = note.ok ? verifyNote(note.value, [keyOf('n', 1)]) : note;
    expect(verified.ok && verified.value.unverified).toHaveLength(16);
  });

  it('matches keys by name and id together', () => {
    const note = { text: TEXT, signatures: [signNoteText(TEXT, { name: 'n', seed: seedOf(1) })] };
    expect(verifyNote(note, [keyOf('m', 1)])).toMatchObject({ code: 'no_known_signature' });
    expect(verifyNote(note, [keyOf('n', 2)])).toMatchObject({ code: 'no_known_signature' });
  });

  it('never takes a cosignature for a log signature of the same key', () => {
    const witness = { name: 'n', seed: seedOf(1) };
    const cosigned = { text: TEXT, signatures: [signCosignature(TEXT, witness, 1)] };
    expect(verifyNote(cosigned, [keyOf('n', 1)])).toMatchObject({ code: 'no_known_signature' });
    const renamed = { ...signCosignature(TEXT, witness, 1), keyId: keyOf('n', 1).keyId };
    expect(verifyNote({ text: TEXT, signatures: [renamed] }, [keyOf('n', 1)])).toMatchObject({
      code: 'signature_invalid',
    });
  });

  it('says that ML-DSA is recognised and not checked', () => {
    const key = noteKeyOf('pq', NOTE_KEY_TYPE.mlDsa44, new Uint8Array(1312).fill(5));
    expect(noteKey(formatNoteKey(key))).toEqual(key);
    const mlDsa = { name: key.name, keyId: key.keyId, signature: new Uint8Array(2428) };
    const log = signNoteText(TEXT, { name: 'n', seed: seedOf(1) });
    const verified = verifyNote({ text: TEXT, signatures: [log, mlDsa] }, [keyOf('n', 1), key]);
    expect(verified).toMatchObject({
      ok: true,
      value: { verified: [{ name: 'n' }], unverified: [{ reason: 'algorithm_unsupported' }] },
    });
    expect(verifyNote({ text: TEXT, signatures: [mlDsa] }, [key])).toMatchObject({
      code: 'no_known_signature',
    });
  });
});

describe('note keys', () => {
  it('are refused in every part and with every character moved on by one', () => {
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const mangled: string[] = [];
    for (let from = 0; from <= vkey.length; from++) {
      for (let to = from + 1; to <= vkey.length; to++) {
        if (from !== 0 || to !== vkey.length) mangled.push(vkey.slice(from, to));
      }
      const moved = String.fromCharCode(vkey.charCodeAt(from) + 1);
      if (from < vkey.length) mangled.push(vkey.slice(0, from) + moved + vkey.slice(from + 1));
    }
    expect(mangled.filter((text) => parseNoteKey(text).ok)).toEqual([]);
  });

  it('recompute the worked example of the module', () => {
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const { name, type, publicKey } = noteKey(vkey);
    expect(formatNoteKey(noteKeyOf(name, type, publicKey))).toBe(vkey);
  });

  it('print back', () => {
    const vkey = formatNoteKey(keyOf('a.example/log', 1));
    expect(formatNoteKey(noteKey(vkey))).toBe(vkey);
  });

  const small = noteKeyOf('n', NOTE_KEY_TYPE.ed25519, Uint8Array.of(1, ...new Array(31).fill(0)));
  it.each([
    ['nothing', '', 'vkey_syntax'],
    ['no key', 'n+00000000', 'vkey_syntax'],
    ['an empty name', '+00000000+AQ==', 'vkey_syntax'],
    ['an upper-case id', 'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'vkey_syntax'],
    [
      'another name',
      'PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'vkey_id_mismatch',
    ],
    ['a small-order key', formatNoteKey(small), 'vkey_key'],
  ])('refuse %s', (_, vkey, code) => {
    expect(parseNoteKey(vkey)).toMatchObject({ ok: false, code });
  });
});

describeVectorCases('tlog/note', 'golang/mod sumdb/note, C2SP signed-note', 12, listNoteVectors);

describe('formatSignatureLine', () => {
  it('is the module’s example of a line', () => {
    const bytes = formatNote({
      text: 'a\n',
      signatures: [{ name: 'n', keyId: '00000000', signature: new Uint8Array(1) }],
    });
    expect(decodeUtf8(bytes)).toEqual({ ok: true, value: `a\n\n— n ${formatBase64(new Uint8Array(5))}\n` });
  });
});
