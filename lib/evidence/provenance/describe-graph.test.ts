import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { utf8 } from '@/lib/core/bytes';
import { type LineageEdge, type LineageNode, NODE_KINDS } from '@/lib/lineage/lineage-view';
import { type DrawnGraph, describeGraph } from './describe-graph';
import { formatRunEvents, listRunEvents, runIdOf } from './open-lineage';
import { parseProvDocument } from './prov-document';

const ORIGIN = 'https://console.test';
const NOW = '2026-11-20T06:42:17.284Z';
const node = (id: string, kind: LineageNode['kind'], at: string | null = NOW): LineageNode => ({
  id,
  kind,
  label: id,
  note: null,
  agent: kind === 'decision' ? 'sepsis-triage' : null,
  at,
  used: 0,
  led: 0,
});
const edge = (source: string, kind: string, target: string): LineageEdge => ({ source, kind, target });

/**
 * The shape of OpenLineage 2-0-2, written from the specification: BaseEvent, RunEvent, Run, Job, Dataset, BaseFacet and
 * the parent run facet; everything that it requires is required, what it lets through is let through.
 */
const uri = z.url();
const baseFacet = z.looseObject({ _producer: uri, _schemaURL: uri });
const facets = z.record(z.string(), baseFacet);
const job = z.looseObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: facets.optional(),
});
const dataset = z.looseObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: facets.optional(),
});
const runEvent = z.looseObject({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: z.iso.datetime({ offset: true }),
  producer: uri,
  schemaURL: uri.refine((text) => text.endsWith('OpenLineage.json#/$defs/RunEvent')),
  run: z.looseObject({
    runId: z.uuid(),
    facets: facets
      .and(
        z.looseObject({
          parent: baseFacet.and(z.looseObject({ run: z.object({ runId: z.uuid() }), job: job })).optional(),
        }),
      )
      .optional(),
  }),
  job,
  inputs: z.array(dataset).optional(),
  outputs: z.array(dataset).optional(),
});

const graph: DrawnGraph = {
  nodes: [
    node('dec_b', 'decision'),
    node('dec_a', 'decision'),
    node('sha3-512:ab', 'retrieved', null),
    node('esc_1', 'escalation'),
    node('rec_1', 'review'),
    node('apr_1', 'approval'),
    node('ext:ward-emr:order:ORD-1', 'external', null),
    node('sha3-512:cd', 'output', null),
    node('dec_gone', 'missing', null),
  ],
  edges: [
    edge('dec_b', 'parent', 'dec_a'),
    edge('dec_b', 'parent', 'dec_gone'),
    edge('dec_b', 'retrieved', 'sha3-512:ab'),
    edge('dec_b', 'output', 'sha3-512:cd'),
    edge('esc_1', 'escalates', 'dec_b'),
    edge('rec_1', 'reviews', 'esc_1'),
    edge('apr_1', 'approves', 'esc_1'),
    edge('apr_1', 'created', 'ext:ward-emr:order:ORD-1'),
    edge('dec_b', 'prompt', 'not-drawn'),
  ],
};
const prov = (drawn: DrawnGraph) =>
  parseProvDocument(
    utf8(JSON.stringify(describeGraph(drawn, { origin: ORIGIN, center: 'dec_b', complete: true }))),
  );

/** Hostile graphs: any kinds, any edges between them, circles and self-causes included, odd texts as ids. */
const anyGraph = fc
  .array(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
      kind: fc.constantFrom(...NODE_KINDS),
      at: fc.option(fc.constant(NOW)),
      to: fc.nat(20),
      edge: fc.constantFrom('parent', 'created', 'output', 'retrieved', 'reviews'),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map(
    (rows): DrawnGraph => ({
      nodes: rows.map(({ id, kind, at }) => node(id, kind, at)),
      edges: rows.map(({ id, edge: kind, to }) => edge(id, kind, rows[to % rows.length]?.id ?? id)),
    }),
  );

describe('as PROV-JSON', () => {
  it('says what used what, what made what and who followed whom', () => {
    const read = prov(graph);
    const [bundle] = read.ok ? Object.values(read.value.bundle) : [];
    const told = (name: 'used' | 'wasGeneratedBy' | 'wasInformedBy' | 'wasDerivedFrom') =>
      Object.values(bundle?.[name] ?? {}).map((members) =>
        Object.entries(members)
          .filter(([key]) => key !== 'prov:role')
          .map(([, value]) => String(value).replace('cs:node.', '')),
      );
    expect(told('used')).toEqual([['dec_b', 'sha3-512%3Aab']]);
    expect(told('wasInformedBy')).toEqual([
      ['dec_b', 'dec_a'],
      ['dec_b', 'dec_gone'],
      ['esc_1', 'dec_b'],
      ['rec_1', 'esc_1'],
    ]);
    expect(told('wasGeneratedBy')).toEqual([
      ['sha3-512%3Acd', 'dec_b'],
      ['apr_1', 'esc_1'],
    ]);
    expect(told('wasDerivedFrom')).toEqual([['ext%3Award-emr%3Aorder%3AORD-1', 'apr_1']]);
  });

  it('two decisions that name each other: one is told, the other is a claim', () => {
    const read = prov({ nodes: graph.nodes, edges: [...graph.edges, edge('dec_a', 'parent', 'dec_b')] });
    expect(read.ok).toBe(true);
    expect(JSON.stringify(read)).toContain('cs:claims');
  });

  it('any graph, however hostile, reads as PROV-JSON without circles', () => {
    fc.assert(
      fc.property(anyGraph, (drawn) => {
        expect(prov(drawn).ok).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('as OpenLineage', () => {
  it('a decision is a run with what it used, what it made and what it follows', () => {
    const event = listRunEvents(graph, { origin: ORIGIN }).find(({ run }) => run.runId === runIdOf('dec_b'));
    expect(event).toMatchObject({
      eventTime: NOW,
      job: { namespace: ORIGIN, name: 'sepsis-triage' },
      inputs: [{ name: 'sha3-512:ab' }],
      outputs: [{ name: 'sha3-512:cd' }],
      run: {
        facets: {
          parent: { run: { runId: runIdOf('dec_a') }, job: { name: 'sepsis-triage' } },
          countersign_parents: { ids: ['dec_a', 'dec_gone'] },
        },
      },
    });
  });

  it('what an approval led to elsewhere is a run of its own, and what has no time is none', () => {
    const events = listRunEvents(graph, { origin: ORIGIN });
    expect(events.map(({ job: { name } }) => name).sort()).toEqual(
      ['created', 'escalation', 'review', 'sepsis-triage', 'sepsis-triage'].sort(),
    );
    expect(events.find(({ job: { name } }) => name === 'created')?.outputs).toMatchObject([
      { namespace: 'ward-emr', name: 'order:ORD-1' },
    ]);
  });

  it('keeps a decision’s own UUID and gives every other id one of its own', () => {
    expect(runIdOf('dec_019a0000-0000-7000-8000-000000000000')).toBe('019a0000-0000-7000-8000-000000000000');
    expect(runIdOf('rec_019a0000-0000-7000-8000-000000000000')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('any graph, however hostile, gives lines that are run events of the specification', () => {
    fc.assert(
      fc.property(anyGraph, (drawn) => {
        const lines = formatRunEvents(listRunEvents(drawn, { origin: ORIGIN }))
          .split('\n')
          .slice(0, -1);
        for (const line of lines) expect(runEvent.safeParse(JSON.parse(line)).error).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('the shape refuses what is none', () => {
    const [event] = listRunEvents(graph, { origin: ORIGIN });
    for (const spoiled of [
      { ...event, eventTime: 'yesterday' },
      { ...event, run: { runId: 'dec_b' } },
      { ...event, job: { name: 'x' } },
      { ...event, run: { ...event?.run, facets: { parent: { run: {} } } } },
      { ...event, inputs: [{ namespace: 'x', name: 'y', facets: { z: {} } }] },
    ])
      expect(runEvent.safeParse(spoiled).success).toBe(false);
  });
});
