import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { checkpointKeyOf, signCheckpoint, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { consistencyProof, leafHash } from '@/lib/integrity/merkle';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { formatAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { createWitness, type Witness } from './create-witness';
import { openWitnessStore } from './witness-store';

const log = { name: 'log.example/log', seed: new Uint8Array(32).fill(3) };
const leaves = Array.from({ length: 9 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const fork = leaves.map((leaf, i) => (i === 6 ? leafHash(utf8('another')) : leaf));
const rewritten = leaves.map((leaf, i) => (i === 2 ? leafHash(utf8('another')) : leaf));
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-witness-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const checkpointOf = (size: number, of = leaves) =>
  signCheckpoint(
    { origin: log.name, size, root: edgeRoot(appendLeaves(EMPTY_EDGE, of.slice(0, size))) },
    log,
  );

function bodyOf(old: number, size: number, of = leaves): Uint8Array {
  const nodes = new Map<string, Uint8Array>();
  appendLeaves(EMPTY_EDGE, of.slice(0, size), ({ level, index }, hash) =>
    nodes.set(`${level}.${index}`, hash),
  );
  const proof =
    old === 0
      ? null
      : consistencyProof(old, size, (level, index) => nodes.get(`${level}.${index}`) as Uint8Array);
  return formatAddCheckpoint({
    oldSize: old,
    proof: proof?.ok ? proof.value : [],
    checkpoint: checkpointOf(size, of),
  });
}

const open = (hooks: Parameters<typeof createWitness>[0]['hooks'] = {}): Witness =>
  createWitness({
    name: 'witness.example',
    seed: new Uint8Array(32).fill(9),
    logs: [checkpointKeyOf(log)],
    store: openWitnessStore(directory),
    nowMs: () => 1_795_000_000_500,
    hooks,
  });

describe('a witness', () => {
  it('cosigns what begins and grows, and its signature verifies', async () => {
    const witness = open();
    const key = parseNoteKey(witness.vkey);
    if (!key.ok) throw new Error(key.code);
    for (const [old, size] of [
      [0, 3],
      [3, 7],
      [7, 7],
    ] as const) {
      const answer = await witness.addCheckpoint(bodyOf(old, size));
      expect(answer).toMatchObject({ status: 200, contentType: 'text/plain; charset=utf-8' });
      const verified = verifyCheckpoint(concatBytes(checkpointOf(size), utf8(answer.body)), {
        origin: log.name,
        logKey: checkpointKeyOf(log),
        witnessKeys: [key.value],
      });
      expect(verified.ok && verified.value.cosigners).toEqual([
        { name: 'witness.example', keyId: key.value.keyId, timeUnixS: 1_795_000_000 },
      ]);
    }
  });

  it('remembers across its own end, in a directory that only its owner reads', async () => {
    await open().addCheckpoint(bodyOf(0, 5));
    expect(await open().addCheckpoint(bodyOf(0, 9))).toEqual({
      status: 409,
      contentType: 'text/x.tlog.size',
      body: '5\n',
    });
    expect((await open().addCheckpoint(bodyOf(5, 9, rewritten))).status).toBe(422);
    expect((await open().addCheckpoint(bodyOf(5, 9))).status).toBe(200);
    expect(readdirSync(directory)).toEqual(['heads.json']);
    expect(statSync(join(directory, 'heads.json')).mode & 0o077).toBe(0);
  });

  it('lets only one of two requests through that were decided on the same head', async () => {
    await open().addCheckpoint(bodyOf(0, 5));
    // Both decide before either writes: the rollback of tlog-witness's own example, and a fork.
    let waiting = 0;
    let release: () => void = () => {};
    const bothDecided = new Promise<void>((resolve) => {
      release = resolve;
    });
    const witness = open({
      onDecided: async () => {
        waiting++;
        if (waiting === 2) release();
        await bothDecided;
      },
    });
    const answers = await Promise.all([
      witness.addCheckpoint(bodyOf(5, 9)),
      witness.addCheckpoint(bodyOf(5, 7, fork)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const won = answers[0]?.status === 200 ? 9 : 7;
    expect(answers.find(({ status }) => status === 409)?.body).toBe(`${won}\n`);
    expect(openWitnessStore(directory).head(log.name)?.size).toBe(won);
  });

  it('loses only the answer when it ends between memory and answer', async () => {
    const crashing = open({
      onPersisted: async () => {
        throw new Error('killed');
      },
    });
    await expect(crashing.addCheckpoint(bodyOf(0, 5))).rejects.toThrow('killed');
    const again = open();
    expect(await again.addCheckpoint(bodyOf(0, 5))).toMatchObject({ status: 409, body: '5\n' });
    expect((await again.addCheckpoint(bodyOf(5, 5))).status).toBe(200);
    expect((await again.addCheckpoint(bodyOf(5, 5, leaves.toReversed()))).status).toBe(409);
  });

  it('signs nothing that it could not remember', async () => {
    const witness = open();
    await witness.addCheckpoint(bodyOf(0, 3));
    rmSync(directory, { recursive: true });
    await expect(witness.addCheckpoint(bodyOf(3, 5))).rejects.toThrow();
  });

  it('does not begin anew over a memory that it cannot read', () => {
    for (const damaged of [
      '',
      '{"format":"countersign/witness/v2","heads":{}}',
      '{"format":"countersign/witness/v1","heads":{"a":{"size":1,"root":"AAAA"}}}',
    ]) {
      writeFileSync(join(directory, 'heads.json'), damaged);
      expect(() => openWitnessStore(directory)).toThrow(/is damaged/);
    }
  });

  it('repeats nothing of what was sent', async () => {
    const answer = await open().addCheckpoint(utf8('old 0\n\n<script>\n0\nx\n\n— x AAAAAAAA\n'));
    expect(answer).toEqual({ status: 404, contentType: 'text/plain; charset=utf-8', body: 'unknown log\n' });
  });
});
