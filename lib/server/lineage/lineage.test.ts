import { beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { parseProvDocument } from '@/lib/evidence/provenance/prov-document';
import { getPool } from '../database/pool';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import {
  createTestProducer,
  createTestTenant,
  type TestProducer,
  testDecisionBody,
} from '../testing/test-producer';
import { EXPAND_SQL, edgesOf, FOLLOWED } from './expand-edges';
import { exportClosure } from './export-closure';
import { findPath } from './find-path';
import { getLineage } from './get-lineage';
import { listClosure } from './list-closure';

await startTestConsole();
const DOCUMENT = `sha3-512:${'ab'.repeat(64)}`;

let agent: TestProducer;
let other: TestProducer;
/** `first` read the document, `second` follows it and made a transfer, `third` read the document as well. */
let first: string;
let second: string;
let third: string;

async function decide(
  producer: TestProducer,
  over: {
    parents?: string[];
    items?: { id: string; digest: string; score?: string }[];
    agentId?: string;
    downstream?: unknown[];
  },
): Promise<string> {
  const id = newId('dec');
  const body = testDecisionBody() as Record<string, Record<string, unknown>> & { downstream?: unknown };
  const identity = body.identity as Record<string, unknown>;
  identity.parents = over.parents ?? [];
  if (over.agentId) identity.agent = { id: over.agentId, name: over.agentId, version: '1' };
  (body.context as Record<string, unknown>).retrieval = {
    index: 'notes',
    version: '1',
    items: over.items ?? [],
  };
  body.downstream = over.downstream ?? [];
  const [result] = await ingestRecords(null, [producer.record({ id, body })]);
  expect(result?.status).toBe('accepted');
  return id;
}

beforeAll(async () => {
  agent = await createTestProducer(await createTestTenant('bank'));
  other = await createTestProducer(await createTestTenant('clinic'));
  first = await decide(agent, { items: [{ id: 'result-1/read_file', digest: DOCUMENT, score: '0.93' }] });
  second = await decide(agent, {
    parents: [first],
    agentId: 'payer',
    downstream: [{ system: 'core', type: 'transfer', id: 'TRF-9' }],
  });
  third = await decide(agent, { items: [{ id: 'same-by-another-name', digest: DOCUMENT }] });
  await decide(other, { items: [{ id: 'elsewhere', digest: DOCUMENT }] });
});

const closureOf = (node: string, over: Partial<Parameters<typeof listClosure>[1]> = {}) =>
  listClosure('bank', { node, limit: 100, ...over });

describe('what else did this document touch', () => {
  test('every decision that was given it, and what came of those, nearest first', async () => {
    const closure = await closureOf(DOCUMENT);
    expect(closure.center).toMatchObject({ kind: 'retrieved', label: 'result-1/read_file', led: 2 });
    const near = closure.rows.filter(({ hops }) => hops === 1).map(({ node }) => node.id);
    expect(near.sort()).toEqual([first, third].sort());
    expect(closure.rows.find(({ node }) => node.id === second)).toMatchObject({
      hops: 2,
      via: 'parent',
      from: first,
    });
    expect(closure.rows.find(({ node }) => node.kind === 'external')).toMatchObject({
      hops: 3,
      node: { id: 'ext:core:transfer:TRF-9' },
    });
    expect(closure.counts).toEqual({ decision: 3, output: 3, external: 1 });
    expect(closure.agents).toEqual([
      { agent: 'payments-agent', n: 2 },
      { agent: 'payer', n: 1 },
    ]);
    expect(closure.complete).toBe(true);
  });

  test('filters and pages fit together, and the counts stay those of everything', async () => {
    const pages = [];
    for (let after: number | null = 0; after !== null; ) {
      const page = await closureOf(DOCUMENT, { kind: 'decision', limit: 1, after });
      expect(page.matching).toBe(3);
      expect(page.counts.external).toBe(1);
      pages.push(...page.rows.map(({ node }) => node.id));
      after = page.next;
    }
    expect(pages.toSorted()).toEqual([first, second, third].sort());
    expect((await closureOf(DOCUMENT, { agent: 'payer' })).rows.map(({ node }) => node.id)).toEqual([second]);
    expect((await closureOf(DOCUMENT, { hops: 1 })).matching).toBe(2);
  });

  test('says when it stopped', async () => {
    const limits = { hops: 1, nodes: 10_000 };
    expect((await listClosure('bank', { node: DOCUMENT, limit: 9 }, limits)).complete).toBe(false);
    const few = await listClosure('bank', { node: DOCUMENT, limit: 9 }, { hops: 9, nodes: 1 });
    expect([few.complete, few.matching]).toEqual([false, 1]);
  });

  test('another organisation’s records of the same document are not there', async () => {
    expect((await listClosure('clinic', { node: DOCUMENT, limit: 9 })).counts.decision).toBe(1);
    await expect(listClosure('clinic', { node: first, limit: 9 })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(closureOf('dec_nothing')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('two decisions that name each other, and one that names itself, end', async () => {
    const [a, b, self] = [newId('dec'), newId('dec'), newId('dec')];
    const named = (parents: string[]) => {
      const body = testDecisionBody() as { identity: Record<string, unknown> };
      body.identity.parents = parents;
      return body;
    };
    await ingestRecords(null, [
      agent.record({ id: a, body: named([b]) }),
      agent.record({ id: b, body: named([a]) }),
      agent.record({ id: self, body: named([self]) }),
    ]);
    expect((await closureOf(a, { kind: 'decision' })).rows.map(({ node }) => node.id)).toEqual([b]);
    expect((await closureOf(self, { kind: 'decision' })).rows).toEqual([]);
    expect((await exportClosure('bank', a, 'prov')).text).toContain('cs:claims');
  });
});

describe('the way between two nodes', () => {
  test('from cause to effect, asked from either end', async () => {
    for (const [from, to] of [
      [DOCUMENT, 'ext:core:transfer:TRF-9'],
      ['ext:core:transfer:TRF-9', DOCUMENT],
    ] as const) {
      const path = await findPath('bank', { from, to, way: 'causal' });
      const ids = [DOCUMENT, first, second, 'ext:core:transfer:TRF-9'];
      expect(path.nodes.map(({ id }) => id)).toEqual(from === DOCUMENT ? ids : ids.reverse());
      expect(path.edges).toHaveLength(3);
    }
  });

  test('two readers of one document have no cause between them, but a way', async () => {
    const causal = await findPath('bank', { from: second, to: third, way: 'causal' });
    expect(causal).toMatchObject({ found: false, nodes: [], limits: { hops: 12 } });
    const any = await findPath('bank', { from: second, to: third, way: 'any' });
    expect(any.found).toBe(true);
    expect(any.nodes).toHaveLength(3);
  });

  test('another organisation’s ends are nowhere', async () => {
    await expect(findPath('clinic', { from: first, to: second, way: 'any' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('what is cut off is counted', async () => {
    await getPool().query(
      `INSERT INTO edges (tenant, source, kind, target, occurred_at)
       SELECT 'hub', 'dec_' || n, 'prompt', 'hub', now() FROM generate_series(1, ${FOLLOWED + 5}) n`,
    );
    const { edges, cut } = await edgesOf('hub')(['hub'], 'led');
    expect([edges.length, cut]).toEqual([FOLLOWED, 1]);
    expect((await listClosure('hub', { node: 'hub', limit: 1 })).complete).toBe(false);
  });

  test.each(['led', 'used', 'both'] as const)('%s: edges are read by their indexes', async (side) => {
    await getPool().query('ANALYZE edges');
    const plan = await getPool().query(`EXPLAIN ${EXPAND_SQL[side]}`, ['hub', ['hub', 'x']]);
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).not.toContain('Seq Scan');
  });
});

test('a document is named by the record that names it, with its score only beside that decision', async () => {
  const hop = await getLineage('bank', first);
  expect(hop.nodes.find(({ id }) => id === DOCUMENT)).toMatchObject({
    label: 'result-1/read_file',
    note: 'score 0.93',
    kind: 'retrieved',
  });
  expect(hop.nodes.find(({ id }) => id === first)?.agent).toBe('payments-agent');
  const own = await getLineage('bank', DOCUMENT);
  expect(own.nodes.find(({ id }) => id === DOCUMENT)).toMatchObject({
    label: 'result-1/read_file',
    note: null,
  });
});

describe('exports', () => {
  test('PROV-JSON reads, and holds the whole closure', async () => {
    const { text, complete } = await exportClosure('bank', DOCUMENT, 'prov');
    const read = parseProvDocument(utf8(text));
    expect([read.ok, complete]).toEqual([true, true]);
    expect(text).toContain('TRF-9');
  });
  test('OpenLineage is one run a line', async () => {
    const { text } = await exportClosure('bank', DOCUMENT, 'openlineage');
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { eventType: string; job: { name: string } });
    expect(events.map(({ job }) => job.name).sort()).toEqual(['payer', 'payments-agent', 'payments-agent']);
  });
  test('another organisation gets none', async () => {
    await expect(exportClosure('clinic', first, 'prov')).rejects.toMatchObject({ code: 'not_found' });
  });
});
