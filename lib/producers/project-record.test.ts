import { describe, expect, test } from 'vitest';
import { decisionBody } from '@/lib/decisions/record-payload';
import { EDGE_KINDS } from './edge-kinds';
import { isNested, ownsStream } from './producer';
import { projectRecord } from './project-record';

const token = (digit: string) => `tok_${digit.repeat(32)}`;
const digest = (digit: string) => `sha-256:${digit.repeat(64)}`;
const occurred_at = '2026-11-20T08:36:00.123Z';

const body = decisionBody.parse({
  identity: {
    agent: { id: 'triage', name: 'Triage', version: '2' },
    principal: { type: 'patient', token: token('a') },
    parents: ['dec_before'],
    subjects: [
      { type: 'patient', token: token('a') },
      { type: 'bed', token: token('b') },
    ],
  },
  input: { digest: digest('1'), media_type: 'text/plain', byte_count: 1 },
  model: { provider: 'p', name: 'm', version: '7' },
  context: {
    prompt: { template: 't', version: '1', digest: digest('2') },
    retrieval: { index: 'i', version: '9', items: [{ id: 'x', digest: digest('3') }] },
    policy: { id: 'sepsis', version: '4', digest: digest('4') },
  },
  output: {
    payload: { digest: digest('5'), media_type: 'text/plain', byte_count: 1 },
    action: { name: 'order_lab', resource: { type: 'patient', id: 'r-1' }, tier: 'bounded' },
    outcome: { verdict: 'escalate', source: 'gateway', rule: 'a\u0000b', reason_code: 'above-limit' },
  },
  review: { escalation_id: 'esc_1', approval_id: 'apr_1' },
  downstream: [{ system: 'lab', type: 'order', id: '77' }],
});

describe('a decision', () => {
  const projection = projectRecord({ kind: 'decision', id: 'dec_1', occurred_at, body });

  test('becomes a search row, with what was absent absent', () => {
    expect(projection.decision).toMatchObject({
      id: 'dec_1',
      occurredAt: occurred_at,
      tool: 'order_lab',
      resource: 'patient:r-1',
      verdict: 'escalate',
      control: null,
      amount: null,
      model: 'p/m',
      escalation: 'esc_1',
      evaluation: null,
      rule: 'a\ufffdb',
    });
  });

  test('is found by each subject once, its principal included', () => {
    expect(projection.subjects).toEqual([
      { token: token('a'), type: 'patient' },
      { token: token('b'), type: 'bed' },
    ]);
  });

  test('rests on everything it used', () => {
    const edges = projection.edges.map(({ source, kind, target }) => `${source} ${kind} ${target}`);
    expect(edges.sort()).toEqual(
      [
        'dec_1 parent dec_before',
        `dec_1 input ${digest('1')}`,
        `dec_1 output ${digest('5')}`,
        'dec_1 model model:p/m@7',
        `dec_1 prompt ${digest('2')}`,
        'dec_1 index index:i@9',
        `dec_1 retrieved ${digest('3')}`,
        `dec_1 policy ${digest('4')}`,
        'dec_1 authorised_by apr_1',
        'dec_1 created ext:lab:order:77',
        'esc_1 escalates dec_1',
        'apr_1 approves esc_1',
      ].sort(),
    );
    for (const { kind } of projection.edges) expect(Object.keys(EDGE_KINDS)).toContain(kind);
  });
});

describe('the console’s own records', () => {
  test.each([
    ['escalation', { escalation_id: 'esc_1', decision_id: 'dec_1' }, ['esc_1 escalates dec_1']],
    ['escalation', { escalation_id: 'esc_1' }, []],
    ['review', { escalation_id: 'esc_1' }, ['rec_1 reviews esc_1']],
    ['approval.issued', { approval_id: 'apr_1', escalation_id: 'esc_1' }, ['apr_1 approves esc_1']],
    ['approval.redeemed', { approval_id: 'apr_1' }, ['rec_1 redeems apr_1']],
    ['approval.revoked', { approval_id: 'apr_1' }, ['rec_1 revokes apr_1']],
    [
      'action.outcome',
      { approval_id: 'apr_1', state: 'forwarded', downstream: [{ system: 's', type: 't', id: '1' }] },
      ['rec_1 reports apr_1', 'apr_1 created ext:s:t:1'],
    ],
    ['review', { escalation_id: 7 }, []],
    ['incident', { code: 'x' }, []],
  ] as const)('%s %o', (kind, own, expected) => {
    const { edges, decision } = projectRecord({ kind, id: 'rec_1', occurred_at, body: { ...own } });
    expect(edges.map(({ source, kind, target }) => `${source} ${kind} ${target}`)).toEqual(expected);
    expect(decision).toBeNull();
  });
});

test('ids nest and streams belong by whole path segments', () => {
  expect(isNested('spiffe://x.test/a', 'spiffe://x.test/a/b')).toBe(true);
  expect(isNested('spiffe://x.test/a', 'spiffe://x.test/ab')).toBe(false);
  expect(ownsStream('spiffe://x.test/a', 'spiffe://x.test/a/eu')).toBe(true);
  expect(ownsStream('spiffe://x.test/a/eu', 'spiffe://x.test/a')).toBe(false);
  expect(ownsStream('spiffe://x.test/a', 'spiffe://x.test/ab')).toBe(false);
});
