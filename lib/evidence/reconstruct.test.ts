import { expect, test } from 'vitest';
import { decisionBody } from '@/lib/decisions/record-payload';
import { endingOf, tellStory } from './decision-story';
import { countMarks, type EvidenceGroup } from './evidence-value';
import { type Reconstruction, reconstruct } from './reconstruct';
import { printValue } from './report/print-value';
import { body, buildCase, PRODUCER } from './testing/build-case';

function from(change: Partial<Reconstruction> = {}, made = buildCase()): Reconstruction {
  return { producer: PRODUCER, body, story: tellStory(made.detail.related), detail: made.detail, ...change };
}

const values = (groups: readonly EvidenceGroup[], key: EvidenceGroup['key']) =>
  groups.find((group) => group.key === key)?.values ?? [];
const mark = (groups: readonly EvidenceGroup[], key: EvidenceGroup['key'], label: string) =>
  values(groups, key).find((value) => value.label === label)?.evidence;

test('all eight groups stand there, in the order of the format, and none is empty', () => {
  const groups = reconstruct(from());
  expect(groups.map(({ key }) => key)).toEqual([
    'identity',
    'input',
    'model',
    'context',
    'guardrails',
    'output',
    'review',
    'downstream',
  ]);
  for (const { values: shown } of groups) expect(shown.length).toBeGreaterThan(0);
  const counts = countMarks(groups);
  expect(counts.attested + counts.rehashed + counts.inferred + counts.missing).toBe(
    groups.reduce((n, group) => n + group.values.length, 0),
  );
});

test('what was signed is attested; what was digested here is re-hashed; what is not there is missing', () => {
  const groups = reconstruct(from());
  expect(mark(groups, 'identity', 'Trace')).toBe('attested');
  expect(mark(groups, 'input', 'Payload')).toBe('missing');
  expect(mark(groups, 'context', 'Policy')).toBe('attested');
  expect(mark(groups, 'review', 'Verdict')).toBe('rehashed');
  expect(mark(groups, 'downstream', 'core-bank')).toBe('attested');
});

test('a budget in a currency is money; any other keeps its unit', () => {
  const { output } = body;
  const budgets = [
    { name: 'day', window: 'P1D', used: '5529.00', limit: '10000', unit: 'EUR' },
    { name: 'calls', window: 'a shift', used: '3', limit: '5', unit: 'actions' },
  ];
  const shown = values(reconstruct(from({ body: { ...body, output: { ...output, budgets } } })), 'output');
  expect(shown.filter(({ label }) => label === 'Budget').map(({ parts }) => printValue(parts))).toEqual([
    'EUR 5,529.00 of EUR 10,000 day, in P1D',
    '3 actions of 5 actions calls, in a shift',
  ]);
});

test('a policy held here is digested: the same content is re-hashed, other content is a mismatch', () => {
  const made = buildCase();
  const digest = body.context.policy?.digest ?? '';
  const held = (content: string) => [{ digest, kind: 'policy', name: 'payments', version: '3', content }];
  const same = reconstruct(from({ detail: { ...made.detail, versions: held('{"the":"policy"}') } }));
  expect(mark(same, 'context', 'Policy')).toBe('rehashed');
  const other = reconstruct(from({ detail: { ...made.detail, versions: held('{"the":"Policy"}') } }));
  const shown = values(other, 'context').find(({ label }) => label === 'Policy');
  expect(shown).toMatchObject({ evidence: 'attested', mismatch: { expected: digest } });
});

test('a verdict whose statement digests to something else says so', () => {
  const made = buildCase({ statementDigest: `sha-256:${'0'.repeat(64)}` });
  const verdict = values(reconstruct(from({}, made)), 'review').find(({ label }) => label === 'Verdict');
  expect(verdict).toMatchObject({
    evidence: 'attested',
    mismatch: { expected: `sha-256:${'0'.repeat(64)}` },
  });
});

test('a record that says almost nothing yields missing values, not blanks', () => {
  const bare = decisionBody.parse({
    identity: { agent: { id: 'a', name: 'a', version: '1' } },
    output: {
      action: { name: 'read', tier: 'reversible' },
      outcome: { verdict: 'allow', source: 'framework', reason_code: 'granted' },
    },
  });
  const groups = reconstruct(from({ body: bare, story: tellStory([]) }));
  for (const [key, label] of [
    ['identity', 'For'],
    ['input', 'Payload'],
    ['model', 'Model'],
    ['context', 'Prompt'],
    ['guardrails', 'Guardrails'],
    ['output', 'Action digest'],
    ['downstream', 'Execution'],
  ] as const) {
    expect(mark(groups, key, label), label).toBe('missing');
  }
  expect(mark(groups, 'review', 'Review')).toBe('inferred');
});

test('verdicts that this viewer may not see yet are said to be withheld', () => {
  const made = buildCase();
  const related = made.detail.related.filter(({ kind }) => kind === 'escalation').slice(0, 1);
  const groups = reconstruct(
    from({ story: tellStory(related), detail: { ...made.detail, reviewsWithheld: true } }),
  );
  expect(mark(groups, 'review', 'Verdicts')).toBe('inferred');
  expect(mark(groups, 'review', 'Verdict')).toBeUndefined();
});

test('the ending is the last thing the records tell', () => {
  const { related } = buildCase().detail;
  const endings = [0, 1, 2, 3, 4, 5, 6].map((n) => endingOf('escalate', tellStory(related.slice(0, n))));
  expect(endings).toEqual(['unknown', 'waiting', 'waiting', 'approved', 'approved', 'approved', 'executed']);
  const denied = tellStory(related.slice(0, 2));
  for (const { body: told } of denied.reviews) told.statement.verdict = 'deny';
  expect(endingOf('escalate', denied)).toBe('denied');
  expect(endingOf('refuse', tellStory([]))).toBe('refused');
  expect(endingOf('allow', tellStory([]))).toBe('allowed');
});
