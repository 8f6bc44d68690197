import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { consistencyProof, EMPTY_ROOT, leafHash } from '@/lib/integrity/merkle';
import { formatAddCheckpoint, MAX_ADD_CHECKPOINT_BYTES, parseAddCheckpoint } from './add-checkpoint';
import { type AddCheckpointOutcome, decideAddCheckpoint, type TreeHead } from './decide-add-checkpoint';
import { listAddCheckpointCases } from './testing/vector-cases';

const log = { name: 'log.example/log', seed: new Uint8Array(32).fill(3) };
const other = { name: 'log.example/log', seed: new Uint8Array(32).fill(4) };
const logKeys = [checkpointKeyOf(log)];
const leaves = Array.from({ length: 9 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const rootOf = (size: number) => edgeRoot(appendLeaves(EMPTY_EDGE, leaves.slice(0, size)));
const headOf = (size: number): TreeHead => ({ size, root: rootOf(size) });

function proofOf(from: number, to: number): Uint8Array[] {
  if (from === 0) return [];
  const nodes = new Map<string, Uint8Array>();
  appendLeaves(EMPTY_EDGE, leaves.slice(0, to), ({ level, index }, hash) =>
    nodes.set(`${level}.${index}`, hash),
  );
  const proof = consistencyProof(from, to, (level, index) => nodes.get(`${level}.${index}`) as Uint8Array);
  if (!proof.ok) throw new Error(proof.code);
  return proof.value;
}

function ask(
  head: TreeHead | null,
  request: {
    old: number;
    size: number;
    proof?: Uint8Array[];
    root?: Uint8Array;
    signer?: typeof log;
    keys?: typeof logKeys;
  },
): AddCheckpointOutcome {
  const { old, size, signer = log } = request;
  const body = formatAddCheckpoint({
    oldSize: old,
    proof: request.proof ?? proofOf(old, size),
    checkpoint: signCheckpoint(
      { origin: 'log.example/log', size, root: request.root ?? rootOf(size) },
      signer,
    ),
  });
  const read = parseAddCheckpoint(body);
  if (!read.ok) throw new Error(read.code);
  return decideAddCheckpoint({ logKeys: request.keys ?? logKeys, head }, read.value);
}

describe('what a witness may cosign', () => {
  it('is a log that begins, grows, or says the same again', () => {
    for (const [head, old, size] of [
      [null, 0, 0],
      [null, 0, 5],
      [headOf(5), 5, 9],
      [headOf(5), 5, 5],
    ] as const) {
      const outcome = ask(head, { old, size });
      expect(outcome.kind).toBe('cosign');
      if (outcome.kind === 'cosign') expect(outcome.checkpoint).toMatchObject({ size, root: rootOf(size) });
    }
  });

  it('tells where it left off, and takes no word for it', () => {
    expect(ask(headOf(5), { old: 3, size: 9 })).toEqual({
      kind: 'retry',
      code: 'old_size_mismatch',
      size: 5,
    });
    expect(ask(headOf(5), { old: 0, size: 9 })).toEqual({
      kind: 'retry',
      code: 'old_size_mismatch',
      size: 5,
    });
    expect(ask(null, { old: 3, size: 9 })).toEqual({ kind: 'retry', code: 'old_size_mismatch', size: 0 });
  });

  it.each([
    ['a log it does not know', headOf(5), { old: 5, size: 9, keys: [] }, 'origin_unknown'],
    ['another key under the log’s name', headOf(5), { old: 5, size: 9, signer: other }, 'signature_invalid'],
    ['a log that shrank', headOf(9), { old: 9, size: 5, proof: [] }, 'old_size_beyond_new'],
    ['a fork of the same size', headOf(5), { old: 5, size: 5, root: rootOf(4) }, 'root_conflict'],
    ['a forked future', headOf(5), { old: 5, size: 9, root: rootOf(8) }, 'consistency_invalid'],
    ['a proof that is missing', headOf(5), { old: 5, size: 9, proof: [] }, 'consistency_invalid'],
    [
      'a proof from another size',
      headOf(5),
      { old: 5, size: 9, proof: proofOf(4, 9) },
      'consistency_invalid',
    ],
    ['a proof where none is due', null, { old: 0, size: 5, proof: proofOf(3, 5) }, 'consistency_invalid'],
    ['a proof of standing still', headOf(5), { old: 5, size: 5, proof: [EMPTY_ROOT] }, 'consistency_invalid'],
    ['an empty tree with a root of its own', null, { old: 0, size: 0, root: rootOf(1) }, 'root_conflict'],
  ] as const)('is never %s', (_attack, head, request, code) => {
    expect(
      ask(head, { ...request, ...('proof' in request ? { proof: [...request.proof] } : {}) } as never),
    ).toEqual({ kind: 'refuse', code });
  });

  it('tells a checkpoint that is none from one that is signed by nobody known', () => {
    const read = parseAddCheckpoint(utf8('old 0\n\nlog.example/log\nfive\n\n— log.example/log AAAAAAAA\n'));
    expect(read.ok && decideAddCheckpoint({ logKeys, head: null }, read.value)).toEqual({
      kind: 'refuse',
      code: 'checkpoint_syntax',
    });
  });
});

describe('the body of add-checkpoint', () => {
  const checkpoint = signCheckpoint({ origin: 'log.example/log', size: 2, root: rootOf(2) }, log);

  it('recomputes the worked examples of the module', () => {
    expect(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: utf8('<checkpoint>') })).toEqual(
      utf8('old 0\n\n<checkpoint>'),
    );
    const hash = new Uint8Array(32);
    hash.set([0x2a, 0x01]);
    expect(formatAddCheckpoint({ oldSize: 1, proof: [hash], checkpoint: utf8('<checkpoint>') })).toEqual(
      utf8('old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n<checkpoint>'),
    );
  });

  it('reads back what it prints', () => {
    const request = { oldSize: 1, proof: proofOf(1, 2), checkpoint };
    expect(parseAddCheckpoint(formatAddCheckpoint(request))).toEqual({
      ok: true,
      value: { ...request, origin: 'log.example/log' },
    });
  });

  const line = `${'A'.repeat(43)}=`;
  it.each([
    ['no old size', `\n\n${line}`],
    ['another first word', 'new 0\n\nx\n'],
    ['a leading zero', 'old 01\n\nx\n'],
    ['a sign', 'old +1\n\nx\n'],
    ['a size beyond 2^53', 'old 18446744073709551615\n\nx\n'],
    ['no empty line', 'old 0\nx\n'],
    ['no checkpoint', 'old 0\n\n'],
    ['a short hash', 'old 1\nAAAA\n\nx\n'],
    ['a hash in URL-safe base64', `old 1\n${'_'.repeat(43)}=\n\nx\n`],
    ['64 proof lines', `old 1\n${`${line}\n`.repeat(64)}\nx\n`],
    ['carriage returns', 'old 0\r\n\r\nx\n'],
  ])('is refused with %s', (_attack, body) => {
    expect(parseAddCheckpoint(utf8(body))).toMatchObject({ ok: false, code: 'add_checkpoint_syntax' });
  });

  it('is refused when it is no text, or without end', () => {
    expect(parseAddCheckpoint(Uint8Array.of(0xff, 0xfe))).toMatchObject({ code: 'add_checkpoint_syntax' });
    expect(parseAddCheckpoint(new Uint8Array(MAX_ADD_CHECKPOINT_BYTES + 1))).toMatchObject({
      code: 'add_checkpoint_too_large',
    });
  });
});

describeVectors('tlog/sigsum', 'published add-checkpoint requests (litewitness)', () => {
  it('are answered as C2SP says, one after another', async () => {
    const cases = await listAddCheckpointCases(async (path) => readVectorBytes(path));
    const answers: string[] = [];
    for (const { run } of cases) answers.push(await run());
    expect(answers).toEqual(cases.map(({ expected }) => expected));
    expect(answers).toEqual(['200', '403', '404', '422', '422', '200', '409 3']);
  });
});
