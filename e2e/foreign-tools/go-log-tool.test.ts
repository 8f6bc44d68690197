/** Checkpoints, inclusion and consistency proofs of a console, judged by Go's sumdb packages, which know nothing of ours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatEntry } from '@/lib/integrity/entry';
import { consistencyProof, treeRoot } from '@/lib/integrity/merkle';
import { formatNote, parseNote } from '@/lib/integrity/note';
import { getLogMaterial } from '@/lib/server/integrity/list-stream-material';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { getInclusion } from '@/lib/server/log/get-inclusion';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import { ingestRecords } from '@/lib/server/records/ingest';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant } from '@/lib/server/testing/test-producer';
import { treeHead } from '../reference/merkle-tree';
import { type Get, readWholeLog } from '../reference/outside-reader';
import { readVerifier } from '../reference/signed-note';
import { callRoute, loadRoutes } from '../routes/call-route';
import { buildGoLogTool, type GoVerdicts, type LogEvidence } from './go-log-tool';

await startTestConsole();
const tool = buildGoLogTool();
afterAll(() => tool?.remove());

const base64 = (bytes: Uint8Array): string => formatBase64(new Uint8Array(bytes));

describe.skipIf(tool === null)('Go’s golang.org/x/mod/sumdb (skipped where there is no Go)', () => {
  let evidence: LogEvidence;

  beforeAll(async () => {
    await openLog();
    const stream = await createTestProducer(await createTestTenant('bank'));
    const sizes: number[] = [];
    let sent = 0;
    const notes: string[] = [];
    for (const count of [1, 255, 257, 600]) {
      const records = Array.from({ length: count - sent }, () => stream.record());
      await ingestRecords(null, records);
      sent = count;
      await sequence({ force: true });
      const checkpoint = await getCheckpoint();
      if (!checkpoint) throw new Error('no checkpoint');
      sizes.push(checkpoint.size);
      notes.push(Buffer.from(checkpoint.note).toString('utf8'));
    }
    const routes = await loadRoutes();
    const get: Get = async (path) => {
      const response = await callRoute(routes, new Request(`http://console.test${path}`));
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
    };
    const { vkey } = getLogMaterial();
    const view = await readWholeLog(get, readVerifier(vkey));
    const total = view.entries.length;
    const nodeOf = (level: number, index: number): Uint8Array =>
      treeHead(view.leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
    const entries = await Promise.all(
      [1, 2, 128, 255, 256, 257, 599, 600].map(async (position) => {
        const inclusion = await getInclusion(stream.id, position);
        if (!inclusion) throw new Error('not in the log');
        const entry = view.entries[inclusion.index] as Uint8Array;
        return {
          index: inclusion.index,
          size: inclusion.size,
          entry: base64(entry),
          root: base64(treeRoot(inclusion.size, nodeOf)),
          proof: inclusion.hashes.map(base64),
        };
      }),
    );
    const trees = sizes.map((size1) => {
      const proof = consistencyProof(size1, total, nodeOf);
      if (!proof.ok) throw new Error(proof.code);
      return {
        size1,
        size2: total,
        root1: base64(treeRoot(size1, nodeOf)),
        root2: base64(view.checkpoint.root),
        proof: proof.value.map(base64),
      };
    });
    evidence = { vkey, notes, entries, trees };
  }, 120_000);

  const judge = (given: LogEvidence): GoVerdicts => {
    if (!tool) throw new Error('no Go');
    return tool.judge(given);
  };
  const quiet = (list: readonly unknown[]): string[] => list.map(() => '');

  it('opens every checkpoint and accepts every proof', () => {
    const { notes, entries, trees } = evidence;
    expect([notes.length, entries.length, trees.length]).toEqual([4, 8, 4]);
    expect(judge(evidence)).toEqual({ notes: quiet(notes), entries: quiet(entries), trees: quiet(trees) });
  });

  it('opens a checkpoint that a witness cosigned', () => {
    const read = parseNote(utf8(evidence.notes.at(-1) ?? ''));
    if (!read.ok) throw new Error(read.code);
    const witness = { name: 'w.example', seed: new Uint8Array(32).fill(5) };
    const { text, signatures } = read.value;
    const cosigned = formatNote({
      text,
      signatures: [...signatures, signCosignature(text, witness, 1_795_000_000)],
    });
    const notes = [Buffer.from(cosigned).toString('utf8')];
    expect(judge({ ...evidence, notes }).notes).toEqual(['']);
  });

  it('refuses the same with anything changed, so that its agreement means something', () => {
    const bent = (text: string): string => {
      const bytes = Buffer.from(text, 'base64');
      bytes[9] = (bytes[9] as number) ^ 1;
      return bytes.toString('base64');
    };
    const stranger = formatEntry({
      stream: 'spiffe://other.example/a',
      position: 1,
      link: new Uint8Array(64),
    });
    const verdicts = judge({
      ...evidence,
      notes: evidence.notes.map((note) =>
        note.replace(/\n([0-9]+)\n/, (_, size) => `\n${Number(size) + 1}\n`),
      ),
      entries: evidence.entries.map((one) => ({ ...one, entry: base64(stranger) })),
      trees: evidence.trees.map((one) => ({ ...one, root1: bent(one.root1) })),
    });
    for (const said of Object.values(verdicts)) {
      expect(said.length).toBeGreaterThan(0);
      expect(said.filter((word: string) => word === '')).toEqual([]);
    }
  });
});
