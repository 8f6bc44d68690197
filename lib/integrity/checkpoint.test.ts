import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatHex, parseBase64, parseHex } from '@/lib/core/encoding';
import {
  describeVectors,
  readVectorBytes,
  readVectorJson,
  readVectorText,
} from '@/lib/core/testing/published-vectors';
import {
  addSignatures,
  checkpointKeyOf,
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '@/lib/integrity/checkpoint';
import { cosignatureMessage, signCosignature } from '@/lib/integrity/cosignature';
import { EMPTY_ROOT, verifyConsistency } from '@/lib/integrity/merkle';
import { parseNote, verifyNote } from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, type NoteKey, noteKeyOf, parseNoteKey } from '@/lib/integrity/note-key';

const log = { name: 'example.com/log', seed: new Uint8Array(32).fill(7) };
const witness = { name: 'w.example', seed: new Uint8Array(32).fill(8) };
const logKey = checkpointKeyOf(log);
const witnessKey = noteKeyOf(witness.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(witness.seed));
const head = { origin: 'example.com/log', size: 5, root: new Uint8Array(32).fill(9) };
const trust = { origin: 'example.com/log', logKey, witnessKeys: [witnessKey] };

function value<T>(result: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

describe('checkpoint', () => {
  it('recomputes the worked example of the module', () => {
    expect(formatCheckpoint({ origin: 'example.com/log', size: 0, root: EMPTY_ROOT })).toBe(
      'example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
    );
  });

  it('round-trips, extension lines included', () => {
    const line = fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'));
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(
        line,
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        root,
        fc.array(line),
        (origin, size, hash, extensions) => {
          const checkpoint = { origin, size, root: hash, extensions };
          expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({ ok: true, value: checkpoint });
        },
      ),
    );
  });

  const root64 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
  it.each([
    ['no origin', `5\n${root64}\n`],
    ['an empty origin', `\n5\n${root64}\n`],
    ['no size', `o\n${root64}\n`],
    ['a size with a leading zero', `o\n05\n${root64}\n`],
    ['a negative size', `o\n-5\n${root64}\n`],
    ['a size beyond 2^53', `o\n18446744073709551615\n${root64}\n`],
    ['an empty size', `o\n\n${root64}\n`],
    ['no root', 'o\n5\n'],
    ['a short root', 'o\n5\nAAAA\n'],
    ['a root in URL-safe base64', `o\n5\n${root64.replaceAll('+', '-').replaceAll('/', '_')}\n`],
    ['an empty extension line', `o\n5\n${root64}\n\n`],
    ['no final newline', `o\n5\n${root64}`],
  ])('refuses %s', (_, text) => {
    expect(parseCheckpoint(text)).toMatchObject({ ok: false, code: 'checkpoint_syntax' });
  });

  it('is signed as it will be stamped: the same bytes every time, one signature line', () => {
    const bytes = signCheckpoint(head, log);
    expect(signCheckpoint(head, log)).toEqual(bytes);
    expect(value(decodeUtf8(bytes)).split('\n\n— ')).toHaveLength(2);
    expect(value(verifyCheckpoint(bytes, trust))).toMatchObject({
      size: 5,
      cosigners: [],
      origin: head.origin,
    });
  });

  it('carries the time that a witness vouches for', () => {
    const bytes = signCheckpoint(head, log);
    const cosignature = signCosignature(formatCheckpoint(head), witness, 1_795_163_760);
    const cosigned = value(addSignatures(bytes, [cosignature]));
    expect(value(verifyCheckpoint(cosigned, trust)).cosigners).toEqual([
      { name: 'w.example', keyId: witnessKey.keyId, timeUnixS: 1_795_163_760 },
    ]);
    expect(value(verifyCheckpoint(cosigned, { origin: head.origin, logKey })).cosigners).toEqual([]);
  });

  it('counts witnesses by key, and the log not at all', () => {
    const text = formatCheckpoint(head);
    const alias = { name: 'alias.example', seed: witness.seed };
    const own = { name: 'self.example', seed: log.seed };
    const signers = [witness, alias, own];
    const cosigned = addSignatures(
      signCheckpoint(head, log),
      signers.map((signer) => signCosignature(text, signer, 1)),
    );
    const witnessKeys = signers.map(({ name, seed }) =>
      noteKeyOf(name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(seed)),
    );
    const verified = value(verifyCheckpoint(value(cosigned), { ...trust, witnessKeys }));
    expect(verified.cosigners.map(({ name }) => name)).toEqual(['w.example']);
  });

  it('takes no cosignature key for the log key', () => {
    const asWitness = noteKeyOf(log.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(log.seed));
    const cosigned = addSignatures(signCheckpoint(head, log), [
      signCosignature(formatCheckpoint(head), log, 1),
    ]);
    expect(verifyCheckpoint(value(cosigned), { origin: head.origin, logKey: asWitness })).toMatchObject({
      code: 'log_signature_missing',
    });
  });

  const bytes = signCheckpoint(head, log);
  const text = value(decodeUtf8(bytes));
  const cosignature = signCosignature(formatCheckpoint(head), witness, 1);
  const backdated = {
    ...cosignature,
    signature: cosignature.signature.map((byte, i) => (i === 7 ? 0 : byte)),
  };
  const other = { name: log.name, seed: new Uint8Array(32).fill(6) };
  it.each([
    ['a larger size', utf8(text.replace('\n5\n', '\n6\n')), 'signature_invalid'],
    ['a swapped root', signCheckpoint({ ...head, root: EMPTY_ROOT }, other), 'no_known_signature'],
    [
      'another log’s checkpoint',
      signCheckpoint({ ...head, origin: 'evil.example/log' }, log),
      'origin_mismatch',
    ],
    ['an impostor under the log’s name', signCheckpoint(head, other), 'no_known_signature'],
    ['a backdated cosignature', value(addSignatures(bytes, [backdated])), 'signature_invalid'],
    [
      'a truncated cosignature',
      value(addSignatures(bytes, [{ ...cosignature, signature: cosignature.signature.slice(1) }])),
      'signature_invalid',
    ],
    [
      'a witness without the log',
      utf8(
        text.replace(/— example.*\n/, '') +
          value(decodeUtf8(value(addSignatures(bytes, [cosignature]))))
            .split('\n')
            .slice(-2)
            .join('\n'),
      ),
      'log_signature_missing',
    ],
    ['a note that is no checkpoint', utf8(text.replace('\n5\n', '\nfive\n')), 'checkpoint_syntax'],
    ['no signature', utf8(text.replace(/— example.*\n/, '')), 'note_syntax'],
  ])('refuses %s', (_, hostile, code) => {
    expect(verifyCheckpoint(hostile, trust)).toMatchObject({ ok: false, code });
  });
});

describe('cosignature', () => {
  it('recomputes the worked example of the module', () => {
    expect(cosignatureMessage('a\n', 1_679_315_147)).toEqual(utf8('cosignature/v1\ntime 1679315147\na\n'));
  });
});

describeVectors('tlog/sumdb', 'the Go checksum database', () => {
  const bytes = readVectorBytes('tlog/sumdb/checkpoint-35225469.note');
  const trusted = {
    origin: 'go.sum database tree',
    logKey: value(parseNoteKey(readVectorText('tlog/sumdb/vkey.txt').trim())),
  };

  it('verifies', () => expect(value(verifyCheckpoint(bytes, trusted)).size).toBe(35_225_469));

  it.each([12, 25, 40, 120])('does not verify with byte %i changed', (index) => {
    const changed = bytes.map((byte, i) => (i === index ? byte ^ 1 : byte));
    expect(verifyCheckpoint(changed, trusted).ok).toBe(false);
  });
});

describeVectors('tlog/cosignature', 'real logs and witnesses', () => {
  type Vector = {
    id: string;
    note?: string;
    vkey?: string;
    logVkeys?: string[];
    witnessVkeys?: string[];
    expect: string;
  };
  const vectors = readVectorJson<Vector[]>('tlog/cosignature/cosignature-v1-vectors.json');
  const notes = vectors.filter((vector) => vector.note !== undefined);

  it.each(notes)('$id: $expect', ({ note, logVkeys = [], witnessVkeys = [], expect: expected }) => {
    const parsed = value(parseNote(utf8(note ?? '')));
    const keys = [...logVkeys, ...witnessVkeys].map((vkey) => value(parseNoteKey(vkey)));
    const verified = value(verifyNote(parsed, keys)).verified;
    const count = Number(/^(\d+) cosignatures valid/.exec(expected)?.[1] ?? 1);
    expect(verified).toHaveLength(count);
    for (const { type, timeUnixS } of verified) {
      if (type === NOTE_KEY_TYPE.cosignatureV1) expect(timeUnixS).toBeGreaterThan(1_600_000_000);
    }
  });

  it('splits a vkey at its first two plus signs only, and holds the id against the hash', () => {
    const vkey = vectors.find(({ id }) => id === 'vkey-with-plus-in-base64')?.vkey;
    expect(vkey).toBeDefined();
    expect(parseNoteKey(vkey ?? '')).toEqual({ ok: false, code: 'vkey_id_mismatch' });
  });
});

describeVectors('tlog/sigsum', 'litewitness add-checkpoint requests', () => {
  type Request = { oldSize: number; consistencyProof: string[]; note: string; httpStatus: number };
  const { logPublicKeyHex, requests } = readVectorJson<{ logPublicKeyHex: string; requests: Request[] }>(
    'tlog/sigsum/litewitness-add-checkpoint.json',
  );

  it('answers every request as the witness did', () => {
    const origin = (requests[0] as Request).note.split('\n')[0] as string;
    const key: NoteKey = noteKeyOf(origin, NOTE_KEY_TYPE.ed25519, value(parseHex(logPublicKeyHex)));
    let known = { size: 0, root: EMPTY_ROOT };
    const answers = requests.map((request) => {
      const checkpoint = verifyCheckpoint(utf8(request.note), { origin, logKey: key });
      if (!checkpoint.ok) return 403;
      if (request.oldSize !== known.size) return 409;
      const { size, root } = checkpoint.value;
      const proof = request.consistencyProof.map((hash) => value(parseBase64(hash)));
      const extended =
        known.size === 0
          ? proof.length === 0
          : verifyConsistency({ size1: known.size, size2: size, root1: known.root, root2: root, proof }).ok;
      if (!extended) return 422;
      known = { size, root };
      return 200;
    });
    expect(answers).toEqual(requests.map(({ httpStatus }) => httpStatus));
    expect(requests.length).toBeGreaterThan(4);
  });
});

describeVectors('tlog/sigstore-conformance', 'Rekor v2 checkpoints (sigstore-conformance)', () => {
  type Bundle = {
    verificationMaterial: { tlogEntries: { inclusionProof: { checkpoint: { envelope: string } } }[] };
  };
  type Root = { tlogs: { baseUrl: string; publicKey: { keyDetails: string; rawBytes: string } }[] };
  const rows: [string, string | true][] = [
    ['rekor2-checkpoint-cosigned', true],
    ['rekor2-checkpoint-multiple-cosigs', true],
    ['rekor2-checkpoint-origin-not-first', true],
    ['rekor2-checkpoint-two-sigs-from-origin', true],
    ['rekor2-happy-path', true],
    ['rekor2-checkpoint-missing-log-signature_fail', 'note_syntax'],
    ['rekor2-checkpoint-missing-origin_fail', 'checkpoint_syntax'],
    ['rekor2-checkpoint-missing-size_fail', 'checkpoint_syntax'],
    ['rekor2-checkpoint-missing-root-hash_fail', 'checkpoint_syntax'],
    ['rekor2-checkpoint-no-matching-signature_fail', 'origin_mismatch'],
  ];

  it.each(rows)('%s', (name, expected) => {
    const folder = `tlog/sigstore-conformance/${name}`;
    const bundle = readVectorJson<Bundle>(`${folder}/bundle.sigstore.json`);
    const root = readVectorJson<Root>(`${folder}/trusted_root.json`);
    const tlog = root.tlogs.find(({ publicKey }) => publicKey.keyDetails === 'PKIX_ED25519');
    if (!tlog) throw new Error('no Ed25519 log');
    const origin = new URL(tlog.baseUrl).host;
    const spki = value(parseBase64(tlog.publicKey.rawBytes));
    expect(formatHex(spki.subarray(0, 12))).toBe('302a300506032b6570032100');
    const key = noteKeyOf(origin, NOTE_KEY_TYPE.ed25519, spki.slice(12));
    const envelope = bundle.verificationMaterial.tlogEntries[0]?.inclusionProof.checkpoint.envelope ?? '';
    const verified = verifyCheckpoint(utf8(envelope), { origin, logKey: key });
    expect(verified.ok || verified.code).toBe(expected);
  });
});
