import { describe, expect, it } from 'vitest';
import { concatBytes, u64be, utf8 } from '@/lib/core/bytes';
import { publicKeyOf, signEd25519 } from '@/lib/core/ed25519';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { signCheckpoint } from '@/lib/integrity/checkpoint';
import { cosignatureMessage, signCosignature } from '@/lib/integrity/cosignature';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { type Stamped, stampOf } from '../witness-report';
import { listCosignatureCases } from './testing/vector-cases';
import { MAX_COSIGNATURE_BYTES, verifyWitnessCosignature } from './verify-witness-cosignature';

const log = { name: 'log.example/log', seed: new Uint8Array(32).fill(1) };
const first = { name: 'w1.example', seed: new Uint8Array(32).fill(2) };
const second = { name: 'w2.example', seed: new Uint8Array(32).fill(3) };
const checkpoint = (size: number) =>
  signCheckpoint({ origin: log.name, size, root: new Uint8Array(32).fill(size) }, log);
const textOf = (note: Uint8Array) => {
  const read = parseNote(note);
  if (!read.ok) throw new Error(read.code);
  return read.value.text;
};
const TIME = 1_795_000_000;
const keyOf = (witness: typeof first) =>
  noteKeyOf(witness.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(witness.seed));
const lineOf = (note: Uint8Array, witness: typeof first, timeUnixS = TIME) =>
  formatSignatureLine(signCosignature(textOf(note), witness, timeUnixS));

const note = checkpoint(7);
const stamped = { kind: 'bytes', bytes: note } satisfies Stamped;
const verify = (receipt: string | Uint8Array, keys = [keyOf(first)], about: Stamped = stamped) =>
  verifyWitnessCosignature(typeof receipt === 'string' ? utf8(receipt) : receipt, about, {
    witnessKeys: keys,
  });

describe('a cosignature', () => {
  it('is valid under its pinned key, and dates the checkpoint', () => {
    const report = verify(lineOf(note, first));
    expect(report).toMatchObject({ verdict: 'valid', witness: 'w1.example', witnessedAtMs: TIME * 1000 });
    expect(report.checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['c2sp.form', 'valid'],
      ['c2sp.signature', 'valid'],
    ]);
    expect(report.checks[1]).toMatchObject({
      key: `w1.example+${keyOf(first).keyId}`,
      root: { name: 'w1.example', fingerprint: expect.stringMatching(/^sha-256:[0-9a-f]{64}$/) },
    });
  });

  it('is also found among lines of keys that nobody pinned', () => {
    const both = lineOf(note, second) + lineOf(note, first);
    expect(verify(both).verdict).toBe('valid');
    expect(verify(both, [keyOf(first), keyOf(second)]).checks).toHaveLength(3);
  });

  it('at the first second of all is dated there, and not left without a date', () => {
    expect(verify(lineOf(note, first, 0))).toMatchObject({ verdict: 'valid', witnessedAtMs: 0 });
  });

  it('by one pinned key repeated is one witness, and every repetition must verify', () => {
    const line = lineOf(note, first);
    expect(verify(line.repeat(16))).toMatchObject({ verdict: 'valid', witness: 'w1.example' });
    expect(verify(line.repeat(15) + lineOf(checkpoint(8), first)).verdict).toBe('invalid');
  });

  it('says nothing without a pinned key, or without the checkpoint', () => {
    const unpinned = verify(lineOf(note, first), []);
    expect(unpinned).toMatchObject({ verdict: 'not-checked', witnessedAtMs: null });
    expect(unpinned.checks.at(-1)?.reason).toContain(`no key w1.example+${keyOf(first).keyId} is pinned`);
    const digest: Stamped = { kind: 'digest', algorithm: 'sha-256', digest: stampOf(note) };
    expect(verify(lineOf(note, first), [keyOf(first)], digest).verdict).toBe('not-checked');
  });

  it('by a post-quantum key is recognised and not passed', () => {
    const key = noteKeyOf('w3.example', NOTE_KEY_TYPE.mlDsa44, new Uint8Array(1312).fill(5));
    const line = formatSignatureLine({ name: key.name, keyId: key.keyId, signature: new Uint8Array(2428) });
    expect(verify(line, [key])).toMatchObject({ verdict: 'not-checked' });
    expect(verify(line + lineOf(note, first), [key, keyOf(first)]).verdict).toBe('valid');
  });

  const body = signEd25519(first.seed, cosignatureMessage(textOf(note), TIME));
  const forged = (signature: Uint8Array, keyId = keyOf(first).keyId) =>
    formatSignatureLine({ name: first.name, keyId, signature });
  it.each([
    ['of another checkpoint', lineOf(checkpoint(8), first), 'signature_invalid'],
    ['whose time was moved', forged(concatBytes(u64be(TIME + 1), body)), 'signature_invalid'],
    ['without its time', forged(body), 'cosignature_syntax'],
    [
      'by another key under a pinned name and id',
      forged(concatBytes(u64be(TIME), signEd25519(second.seed, cosignatureMessage(textOf(note), TIME)))),
      'signature_invalid',
    ],
    ['at a time that no clock shows', lineOf(note, first, 9_000_000_000_000), 'time_out_of_range'],
    [
      'that hides a broken line of a pinned key behind a good one',
      lineOf(note, first) + lineOf(checkpoint(8), first),
      'signature_invalid',
    ],
    ['that brings a text of its own', `x\n\n${lineOf(note, first)}`, 'cosignature_syntax'],
    ['without its newline', lineOf(note, first).slice(0, -1), 'cosignature_syntax'],
    ['in loose base64', lineOf(note, first).replace(/=*\n$/, '\n'), 'cosignature_syntax'],
    ['that is empty', '', 'cosignature_syntax'],
    ['that is no text', Uint8Array.of(0xe2, 0x80), 'cosignature_syntax'],
    ['without end', new Uint8Array(MAX_COSIGNATURE_BYTES + 1), 'cosignature_too_large'],
  ])('is invalid %s', (_attack, receipt, code) => {
    const report = verify(receipt);
    expect(report).toMatchObject({ verdict: 'invalid', witnessedAtMs: null });
    expect(report.checks.find(({ verdict }) => verdict === 'invalid')?.code).toBe(code);
  });

  it('is invalid under bytes that are no checkpoint', () => {
    const report = verify(lineOf(note, first), [keyOf(first)], { kind: 'bytes', bytes: utf8('hello\n') });
    expect(report.checks[0]).toMatchObject({ verdict: 'invalid', code: 'stamped_not_checkpoint' });
  });

  it('fails for every bit of it that is turned over', () => {
    const bytes = utf8(lineOf(note, first));
    for (let at = 0; at < bytes.length; at++) {
      const turned = bytes.slice();
      turned[at] = (turned[at] as number) ^ 1;
      expect(verify(turned).verdict, `byte ${at}`).not.toBe('valid');
    }
  });
});

describeVectors('tlog/cosignature', 'published cosignatures (C2SP witnesses of public logs)', () => {
  it('are valid under their published keys', async () => {
    const cases = await listCosignatureCases(async (path) => readVectorBytes(path));
    expect(cases.length).toBeGreaterThan(0);
    for (const { id, expected, run } of cases) expect(await run(), id).toBe(expected);
  });
});
