import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { inclusionProof, leafHash } from '@/lib/integrity/merkle';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '@/lib/integrity/tlog-proof';

const log = { name: 'example.com/log', seed: new Uint8Array(32).fill(7) };
const logKey = checkpointKeyOf(log);
const leaves = Array.from({ length: 11 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const nodes = new Map<string, Uint8Array>();
const edge = appendLeaves(EMPTY_EDGE, leaves, ({ level, index }, hash) =>
  nodes.set(`${level}/${index}`, hash),
);
const checkpoint = signCheckpoint({ origin: log.name, size: 11, root: edgeRoot(edge) }, log);

function hashesOf(index: number): Uint8Array[] {
  const proof = inclusionProof(index, 11, (level, at) => nodes.get(`${level}/${at}`) as Uint8Array);
  if (!proof.ok) throw new Error(proof.code);
  return proof.value;
}

const bytes = formatTlogProof({ index: 6, hashes: hashesOf(6), checkpoint });
const text = (decodeUtf8(bytes) as { value: string }).value;
const expected = { leaf: leaves[6] as Uint8Array, origin: log.name, logKey };

describe('tlog-proof', () => {
  it('recomputes the worked example of the module', () => {
    const single = signCheckpoint({ origin: log.name, size: 1, root: leaves[0] as Uint8Array }, log);
    const proof = formatTlogProof({ index: 0, hashes: [], checkpoint: single });
    expect(proof).toEqual(
      utf8(`c2sp.org/tlog-proof@v1\nindex 0\n\n${(decodeUtf8(single) as { value: string }).value}`),
    );
    expect(verifyTlogProof(proof, { ...expected, leaf: leaves[0] as Uint8Array }).ok).toBe(true);
  });

  it('proves every record of a log', () => {
    for (let index = 0; index < 11; index++) {
      const proof = formatTlogProof({ index, hashes: hashesOf(index), checkpoint });
      const verified = verifyTlogProof(proof, { ...expected, leaf: leaves[index] as Uint8Array });
      expect(verified).toMatchObject({ ok: true, value: { index, checkpoint: { size: 11 } } });
    }
  });

  it('round-trips, extra data included', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const extra = fc.option(fc.uint8Array({ minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(fc.nat(), fc.array(hash, { maxLength: 64 }), extra, (index, hashes, data) => {
        const proof = { index, hashes, checkpoint, ...(data && { extra: data }) };
        expect(parseTlogProof(formatTlogProof(proof))).toEqual({ ok: true, value: proof });
      }),
    );
  });

  it('does not let extra data vouch for anything', () => {
    const proof = formatTlogProof({ index: 6, hashes: hashesOf(6), checkpoint, extra: utf8('anything') });
    expect(verifyTlogProof(proof, expected).ok).toBe(true);
  });

  it.each([
    ['another header', text.replace('@v1', '@v2'), 'tlog_proof_syntax'],
    ['a byte order mark', `\uFEFF${text}`, 'tlog_proof_syntax'],
    ['no index', text.replace(/index 6\n/, ''), 'tlog_proof_syntax'],
    ['a padded index', text.replace('index 6', 'index 06'), 'tlog_proof_syntax'],
    ['an index beyond 2^53', text.replace('index 6', 'index 18446744073709551615'), 'tlog_proof_syntax'],
    ['extra data after the index', text.replace('index 6\n', 'index 6\nextra AAAA\n'), 'tlog_proof_syntax'],
    ['extra data twice', text.replace('index 6\n', 'extra AAAA\nextra AAAA\nindex 6\n'), 'tlog_proof_syntax'],
    ['extra data that is not base64', text.replace('index 6\n', 'extra %\nindex 6\n'), 'tlog_proof_syntax'],
    ['a short hash', text.replace('index 6\n', 'index 6\nAAAA\n'), 'tlog_proof_syntax'],
    ['carriage returns', text.replaceAll('\n', '\r\n'), 'tlog_proof_syntax'],
    [
      '65 hashes',
      text.replace('index 6\n', `index 6\n${`${formatBase64(new Uint8Array(32))}\n`.repeat(65)}`),
      'tlog_proof_syntax',
    ],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n')), 'tlog_proof_syntax'],
    ['an empty checkpoint', text.slice(0, text.indexOf('\n\n') + 2), 'note_syntax'],
    ['a checkpoint behind an empty line', text.replace('\n\n', '\n\n\n'), 'checkpoint_syntax'],
    ['another position', text.replace('index 6', 'index 7'), 'root_mismatch'],
    ['a position beyond the tree', text.replace('index 6', 'index 11'), 'index_out_of_range'],
    ['a missing hash', text.replace(/(index 6\n)[^\n]+\n/, '$1'), 'proof_length'],
    ['a larger tree', text.replace('\n11\n', '\n12\n'), 'signature_invalid'],
  ])('refuses %s', (_, hostile, code) => {
    expect(verifyTlogProof(utf8(hostile), expected)).toMatchObject({ ok: false, code });
  });

  it('refuses another record, another log and a megabyte too much', () => {
    expect(verifyTlogProof(bytes, { ...expected, leaf: leaves[5] as Uint8Array })).toMatchObject({
      code: 'root_mismatch',
    });
    expect(verifyTlogProof(bytes, { ...expected, origin: 'example.com/other' })).toMatchObject({
      code: 'origin_mismatch',
    });
    expect(parseTlogProof(new Uint8Array(2_000_001))).toEqual({ ok: false, code: 'tlog_proof_too_large' });
  });
});
