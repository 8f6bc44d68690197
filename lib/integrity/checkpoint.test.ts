import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { describeVectorCases, describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { vectorFolder } from '@/lib/core/testing/vector-folder';
import {
  addSignatures,
  checkpointKeyOf,
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '@/lib/integrity/checkpoint';
import { cosignatureMessage, signCosignature } from '@/lib/integrity/cosignature';
import { EMPTY_ROOT } from '@/lib/integrity/merkle';
import { NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { judgeSumdb, listRekorCheckpointVectors, listSumdbVectors } from './testing/note-vectors';

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

describeVectorCases('tlog/sumdb', 'the Go checksum database', 1, listSumdbVectors);
describeVectors('tlog/sumdb', 'the Go checksum database, changed', () => {
  it('does not verify with any byte changed', () => {
    const bytes = readVectorBytes('tlog/sumdb/checkpoint-35225469.note');
    const accepted = [...bytes.keys()].filter((at) => {
      const changed = bytes.map((byte, n) => (n === at ? byte ^ 1 : byte));
      return judgeSumdb(vectorFolder, changed) !== 'refused';
    });
    expect(accepted).toEqual([]);
  });
});

describeVectorCases('tlog/sigstore-conformance', 'Rekor v2 checkpoints', 8, listRekorCheckpointVectors);
