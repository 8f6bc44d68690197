import { expect, test } from 'vitest';
import { listSpans } from './decision-spans';
import { tellStory } from './decision-story';
import { buildCase } from './testing/build-case';

test('from the request to its effect, each stretch runs forward, and reading carries its active part', () => {
  const { detail } = buildCase();
  if (!detail.record) throw new Error('the case has a record');
  const spans = listSpans(detail.record.occurredAt, detail.record, tellStory(detail.related));
  expect(spans.every(({ fromMs, toMs }) => fromMs <= toMs)).toBe(true);
  const reading = spans.filter(({ kind }) => kind === 'reading');
  expect(reading.length).toBeGreaterThan(0);
  for (const { activeMs } of reading) expect(activeMs).not.toBeNull();
  expect(spans.map(({ label }) => label)).toContain('until its effect');
});

test('a decision that nobody was asked about has only its own way here', () => {
  const { detail } = buildCase();
  if (!detail.record) throw new Error('the case has a record');
  const late = {
    ...detail.record,
    acceptedAt: new Date(Date.parse(detail.record.occurredAt) + 5_000).toISOString(),
  };
  expect(listSpans(detail.record.occurredAt, late, tellStory([]))).toMatchObject([
    { label: 'until the decision was known here', kind: 'machine' },
  ]);
});
