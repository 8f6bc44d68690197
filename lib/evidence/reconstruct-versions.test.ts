import { expect, test } from 'vitest';
import type { VersionInForce, VersionView } from '@/lib/decisions/decision-detail';
import { contentDigest } from '@/lib/demo/content-digest';
import { tellStory } from './decision-story';
import type { EvidenceGroup } from './evidence-value';
import { type Reconstruction, reconstruct } from './reconstruct';
import { body, buildCase, PRODUCER } from './testing/build-case';

const made = buildCase();
const rebuild = (change: Partial<Reconstruction['detail']>, own: Partial<Reconstruction> = {}) =>
  reconstruct({
    producer: PRODUCER,
    body,
    story: tellStory(made.detail.related),
    detail: { ...made.detail, ...change },
    ...own,
  });
const valuesOf = (groups: readonly EvidenceGroup[], key: EvidenceGroup['key']) =>
  groups.find((group) => group.key === key)?.values ?? [];
const change = (over: Partial<VersionInForce>): VersionInForce => ({
  target: 'prompt',
  name: body.context.prompt?.template ?? '',
  version: 'another',
  since: '2026-01-01T00:00:00.000Z',
  id: 'rec_1',
  stream: PRODUCER,
  position: 1,
  ...over,
});

test('every value says why it bears its mark, and what is signed says from which record', () => {
  for (const { values } of rebuild({})) {
    for (const value of values) {
      expect(value.why, value.label).toBeTruthy();
      if (value.evidence === 'attested' || value.evidence === 'rehashed')
        expect(value.source, value.label).toMatchObject({ position: expect.any(Number) });
    }
  }
  const verdict = valuesOf(rebuild({}), 'review').find(({ label }) => label === 'Verdict');
  expect(verdict?.source?.kind).toBe('review');
  expect(valuesOf(rebuild({}), 'model')[0]?.source).toMatchObject({ stream: PRODUCER, kind: 'decision' });
});

test('another version was in force by time: inferred, with the record that says so; the same one is not told twice', () => {
  const named = body.context.prompt?.version ?? '';
  const other = valuesOf(rebuild({ inForce: [change({})] }), 'context').find(
    ({ label }) => label === 'By time',
  );
  expect(other).toMatchObject({ evidence: 'inferred', source: { kind: 'change', position: 1 } });
  expect(other?.why).toContain(named);
  const same = rebuild({ inForce: [change({ version: named })] });
  expect(valuesOf(same, 'context').some(({ label }) => label === 'By time')).toBe(false);
});

test('a guardrail that was in force and said nothing is told', () => {
  const silent = change({ target: 'guardrail', name: 'toxicity', version: '3' });
  expect(valuesOf(rebuild({ inForce: [silent] }), 'guardrails').at(-1)).toMatchObject({
    label: 'toxicity',
    evidence: 'inferred',
  });
});

test('content registered under the name and version of a model is inferred, and INVALID when it is not what was registered', () => {
  const model = body.model;
  if (!model) throw new Error('the case has a model');
  const held = (content: string): VersionView => ({
    digest: contentDigest('card'),
    kind: 'model',
    name: `${model.provider}/${model.name}`,
    version: model.version,
    content,
    registered: { producer: PRODUCER, at: '2026-01-01T00:00:00.000Z', stream: 'console/bank', position: 9 },
  });
  const find = (content: string) =>
    valuesOf(rebuild({ versions: [held(content)] }), 'model').find(({ label }) => label === 'Content');
  expect(find('card')).toMatchObject({ evidence: 'inferred', source: { position: 9 } });
  expect(find('card')?.mismatch).toBeUndefined();
  expect(find('Card')?.mismatch).toBeDefined();
});

test('of a version whose content is not held, only the digest is known, and that is said', () => {
  const prompt = valuesOf(rebuild({ versions: [] }), 'context').find(({ label }) => label === 'Prompt');
  expect(prompt).toMatchObject({ evidence: 'attested', version: { kind: 'prompt' } });
  expect(prompt?.why).toContain('only the digest is known');
});

test('what the record says beyond the schema stands in its group, or in a ninth', () => {
  const raw = { ...body, model: { ...body.model, seed_policy: 'fixed' }, weather: 'rain' };
  const groups = rebuild({}, { raw });
  expect(valuesOf(groups, 'model').at(-1)).toMatchObject({
    label: 'model.seed_policy',
    evidence: 'attested',
  });
  expect(groups.at(-1)).toMatchObject({ key: 'other', values: [{ label: 'weather' }] });
  expect(rebuild({}, { raw: { ...body } })).toHaveLength(8);
});

test('a later outcome says when it arrived, by a clock that nobody signed', () => {
  const arrived = valuesOf(rebuild({}), 'downstream').find(({ label }) => label === 'Arrived');
  expect(arrived).toMatchObject({ evidence: 'inferred', source: { kind: 'action.outcome' } });
});
