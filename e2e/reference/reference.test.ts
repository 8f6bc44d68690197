/**
 * Two implementations, one of them written from the specifications alone, must agree: on trees, on proofs, on what a
 * console publishes to a stranger, on what it signs.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { publicKeyOf } from '@/lib/core/ed25519';
import {
  consistencyProof,
  inclusionProof,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '@/lib/integrity/merkle';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { formatTilePath } from '@/lib/integrity/tile';
import { formatTlogProof, verifyTlogProof } from '@/lib/integrity/tlog-proof';
import { publishConsoleKeys } from '@/lib/server/health/publish-console-keys';
import { getLogMaterial } from '@/lib/server/integrity/list-stream-material';
import { getInclusion } from '@/lib/server/log/get-inclusion';
import { sequence } from '@/lib/server/log/sequence';
import { ingestRecords } from '@/lib/server/records/ingest';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer } from '@/lib/server/testing/test-producer';
import { callRoute, loadRoutes, type RouteFile } from '../routes/call-route';
import { createWorld, type World } from '../routes/world';
import { openToken } from './approval-token';
import {
  hashLeaf,
  isConsistent,
  isIncluded,
  consistencyProof as naiveConsistency,
  inclusionPath as naivePath,
  treeHead,
} from './merkle-tree';
import { type Get, readWholeLog, tilePath } from './outside-reader';
import { openEnvelope } from './record-envelope';
import { readVerifier } from './signed-note';
import { chainLinks, logEntry, readLogEntry } from './stream-chain';
import { readTlogProof } from './tlog-proof';

await startTestConsole();

const leavesOf = (count: number, salt = '') =>
  Array.from({ length: count }, (_, n) => createHash('sha256').update(`${salt}${n}`).digest());

const nodesOf =
  (leaves: readonly Buffer[]) =>
  (level: number, index: number): Uint8Array =>
    level === 0
      ? (leaves[index] as Buffer)
      : nodeHash(nodesOf(leaves)(level - 1, index * 2), nodesOf(leaves)(level - 1, index * 2 + 1));

function unwrap<T>(result: { ok: true; value: T } | { ok: false; code: string }): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

describe('trees: the reference and lib/integrity', () => {
  it('give the same roots and inclusion proofs for every leaf of every size up to 40', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size);
      const root = treeHead(leaves);
      expect(Buffer.from(treeRoot(size, nodesOf(leaves)))).toEqual(root);
      for (let index = 0; index < size; index++) {
        const proof = unwrap(inclusionProof(index, size, nodesOf(leaves)));
        expect(proof.map((hash) => Buffer.from(hash))).toEqual(naivePath(index, leaves));
        expect(isIncluded(leaves[index] as Buffer, BigInt(index), BigInt(size), proof, root)).toBe(true);
      }
    }
  });

  it('give the same consistency proofs for every pair of sizes up to 40', () => {
    const leaves = leavesOf(40);
    for (let size2 = 1; size2 <= 40; size2++) {
      const grown = leaves.slice(0, size2);
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = unwrap(consistencyProof(size1, size2, nodesOf(grown)));
        expect(proof.map((hash) => Buffer.from(hash))).toEqual(naiveConsistency(size1, grown));
        const roots = [treeHead(leaves.slice(0, size1)), treeHead(grown)] as const;
        expect(isConsistent(BigInt(size1), BigInt(size2), ...roots, proof)).toBe(true);
      }
    }
  });

  it('agree on hostile proofs: hashes changed, dropped, added, sizes and indices shifted', () => {
    const mutation = fc.record({
      size: fc.integer({ min: 1, max: 300 }),
      at: fc.nat(),
      shift: fc.integer({ min: -2, max: 2 }),
      grow: fc.integer({ min: -2, max: 2 }),
      act: fc.constantFrom('keep', 'flip', 'drop', 'add', 'swap'),
    });
    let refused = 0;
    fc.assert(
      fc.property(mutation, ({ size, at, shift, grow, act }) => {
        const leaves = leavesOf(size);
        const index = at % size;
        const mangled = mangle(naivePath(index, leaves), act, at);
        const leaf = leaves[index] as Buffer;
        const given = { index: index + shift, size: size + grow };
        if (given.index < 0 || given.size < 0) return;
        const root = treeHead(leaves);
        const ours = verifyInclusion({ ...given, leaf, proof: mangled, root }).ok;
        const theirs = isIncluded(leaf, BigInt(given.index), BigInt(given.size), mangled, root);
        if (!ours) refused++;
        expect(ours).toBe(theirs);

        const size1 = 1 + (at % size);
        const proof = mangle(naiveConsistency(size1, leaves), act, at);
        const first = Math.max(1, size1 + shift);
        const second = Math.max(1, size + grow);
        const root1 = treeHead(leaves.slice(0, size1));
        expect(verifyConsistency({ size1: first, size2: second, root1, root2: root, proof }).ok).toBe(
          isConsistent(BigInt(first), BigInt(second), root1, root, proof),
        );
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('name tiles alike', () => {
    for (const n of [0, 1, 999, 1000, 1_234_067, 999_999_999]) {
      for (const width of [1, 255, 256]) {
        for (const level of ['entries', 0, 1, 5] as const)
          expect(formatTilePath(level, n, width)).toBe(tilePath(level, n, width));
      }
    }
    expect(tilePath(0, 1_234_067, 256)).toBe('tile/0/x001/x234/067');
  });
});

function mangle(proof: readonly Buffer[], act: string, at: number): Buffer[] {
  const copy = proof.map((hash) => Buffer.from(hash));
  const chosen = copy.length > 0 ? at % copy.length : 0;
  if (act === 'flip' && copy[chosen])
    (copy[chosen] as Buffer)[at % 32] = ((copy[chosen] as Buffer)[at % 32] as number) ^ 1;
  if (act === 'drop') copy.splice(chosen, 1);
  if (act === 'add') copy.splice(chosen, 0, createHash('sha256').update('extra').digest());
  if (act === 'swap') copy.reverse();
  return copy;
}

describe('a stranger reads what this console publishes', () => {
  let routes: RouteFile[];
  let world: World;
  const sent = new Map<string, Uint8Array[]>();
  const keys = new Map<string, Buffer>();

  const get: Get = async (path) => {
    const response = await callRoute(routes, new Request(`http://console.test${path}`));
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  };
  const log = () => readVerifier(getLogMaterial().vkey);

  beforeAll(async () => {
    routes = await loadRoutes();
    world = await createWorld();
    await publishConsoleKeys();
  }, 120_000);

  async function send(stream: Awaited<ReturnType<typeof createTestProducer>>, count: number): Promise<void> {
    const records = Array.from({ length: count }, () => stream.record());
    const results = await ingestRecords(null, records);
    expect(results.every(({ status }) => status === 'accepted')).toBe(true);
    sent.set(stream.id, [...(sent.get(stream.id) ?? []), ...records]);
  }

  it('at sizes across the borders of tiles, every older tree within the newer one', async () => {
    const tenant = world.bank.tenant;
    const streams = [
      await createTestProducer(tenant),
      await createTestProducer(world.clinic.tenant),
    ] as const;
    let before: Awaited<ReturnType<typeof readWholeLog>> | null = null;
    const sizes: number[] = [];
    for (const target of [0, 255, 256, 257, 511, 513, 770]) {
      const held = before ? before.entries.length : Number((await readWholeLog(get, log())).checkpoint.size);
      const missing = Math.max(0, target - held);
      await send(streams[0], Math.ceil(missing / 2));
      await send(streams[1], Math.floor(missing / 2));
      await sequence({ force: true });
      const view = await readWholeLog(get, log());
      sizes.push(view.entries.length);
      if (before) {
        const older = BigInt(before.entries.length);
        const proof = naiveConsistency(before.entries.length, view.leaves);
        expect(
          isConsistent(older, view.checkpoint.size, before.checkpoint.root, view.checkpoint.root, proof),
        ).toBe(true);
        expect(view.entries.slice(0, before.entries.length)).toEqual(before.entries);
      }
      before = view;
    }
    expect(sizes.slice(-6)).toEqual([255, 256, 257, 511, 513, 770]);

    const links = new Map([...sent].map(([stream, records]) => [stream, chainLinks(stream, records)]));
    let held = 0;
    for (const raw of before?.entries ?? []) {
      const { stream, position, link } = readLogEntry(raw);
      const chain = links.get(stream);
      if (!chain) continue;
      expect(link).toEqual(chain[position]);
      held++;
    }
    expect(held).toBe([...sent.values()].reduce((sum, records) => sum + records.length, 0));
    for (const producer of streams) keys.set(producer.id, Buffer.from(publicKeyOf(producer.seed)));
  }, 120_000);

  it('finds every record under a proof that both implementations accept, and no other', async () => {
    const logKey = unwrap(parseNoteKey(getLogMaterial().vkey));
    for (const [stream, records] of sent) {
      const links = chainLinks(stream, records);
      for (const position of [1, 2, 17, records.length]) {
        const inclusion = await getInclusion(stream, position);
        if (!inclusion) throw new Error('not in the log');
        const proof = formatTlogProof({
          index: inclusion.index,
          hashes: inclusion.hashes,
          checkpoint: inclusion.checkpoint,
        });
        const leaf = hashLeaf(logEntry(stream, position, links[position] as Buffer));
        expect(readTlogProof(proof, leaf, log()).index).toBe(BigInt(inclusion.index));
        const trust = { origin: logKey.name, logKey };
        expect(verifyTlogProof(proof, { leaf, ...trust }).ok).toBe(true);
        const other = hashLeaf(logEntry(stream, position + 1, links[position] as Buffer));
        expect(() => readTlogProof(proof, other, log())).toThrow('not in the tree');
        expect(verifyTlogProof(proof, { leaf: other, ...trust }).ok).toBe(false);
      }
      for (const record of records.slice(0, 5)) {
        expect(openEnvelope(record, keys.get(stream) as Buffer)).toMatchObject({ stream });
        const bent = Buffer.from(record);
        bent.writeUInt8(bent.readUInt8(bent.length - 20) === 65 ? 66 : 65, bent.length - 20);
        expect(() => openEnvelope(bent, keys.get(stream) as Buffer)).toThrow();
      }
    }
  });

  it('opens its approval tokens with the published keys alone', async () => {
    const jwks = JSON.parse((await get('/.well-known/jwks.json')).body.toString('utf8'));
    const { token, id } = world.bank.approval;
    expect(openToken(token, jwks)).toMatchObject({ jti: id });
    const [head, body, signature] = token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    const richer = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url');
    expect(() => openToken(`${head}.${richer}.${signature}`, jwks)).toThrow('the signature fails');
  });

  it.each([
    ['beyond the published size', 'tile/0/999'],
    ['a width beyond what was published', 'tile/0/003.p/9'],
    ['a full width written as partial', 'tile/0/000.p/256'],
    ['an empty tile', 'tile/0/000.p/0'],
    ['a number without its leading zeros', 'tile/0/0'],
    ['a superfluous group', 'tile/0/x000/000'],
    ['a leading zero in the level', 'tile/00/000'],
    ['a level that no tree has', 'tile/64/000'],
    ['a path that climbs', 'tile/0/..%2f000'],
    ['another kind', 'tile/leaves/000'],
  ])('refuses %s', async (_, path) => {
    expect((await get(`/log/${path}`)).status).toBe(404);
  });

  it('lets caches keep tiles for ever, and never the checkpoint', async () => {
    const tile = await callRoute(routes, new Request('http://console.test/log/tile/0/000'));
    expect(tile.headers.get('cache-control')).toContain('immutable');
    const checkpoint = await callRoute(routes, new Request('http://console.test/log/checkpoint'));
    expect(checkpoint.headers.get('cache-control')).toBe('no-cache');
  });
});
