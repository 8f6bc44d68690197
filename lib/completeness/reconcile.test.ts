import { expect, test } from 'vitest';
import type { ListedAction } from './map-columns';
import { type ReconciledDecision, reconcile } from './reconcile';

const MINUTE_MS = 60_000;
const action = (id: string, overrides: Partial<ListedAction> = {}): ListedAction => ({
  row: Number(id.replaceAll(/\D/g, '')) || 1,
  id,
  amount: '100.00',
  currency: 'EUR',
  atMs: 10 * MINUTE_MS,
  ...overrides,
});
const decision = (id: string, overrides: Partial<ReconciledDecision> = {}): ReconciledDecision => ({
  id,
  atMs: 9 * MINUTE_MS,
  verdict: 'allow',
  permitted: true,
  executed: true,
  amount: '100',
  currency: 'EUR',
  downstream: [],
  ...overrides,
});
const run = (actions: ListedAction[], decisions: ReconciledDecision[]) =>
  reconcile(actions, decisions, {
    toleranceMs: 5 * MINUTE_MS,
    expected: { fromMs: 0, toMs: 60 * MINUTE_MS },
  }).map((item) => [item.finding, item.action?.id ?? null, item.decision?.id ?? null]);

test.each([
  [
    'by its downstream id',
    [action('p1')],
    [decision('d1', { downstream: ['p1'] })],
    [['matched', 'p1', 'd1']],
  ],
  ['by nothing', [action('p1')], [], [['action_without_decision', 'p1', null]]],
  ['that nobody executed', [], [decision('d1')], [['decision_without_action', null, 'd1']]],
  [
    'with another amount',
    [action('p1', { amount: '101' })],
    [decision('d1', { downstream: ['p1'] })],
    [['amount_differs', 'p1', 'd1']],
  ],
  [
    'in another currency',
    [action('p1', { currency: 'USD' })],
    [decision('d1', { downstream: ['p1'] })],
    [['amount_differs', 'p1', 'd1']],
  ],
  [
    'at another time',
    [action('p1', { atMs: 20 * MINUTE_MS })],
    [decision('d1', { downstream: ['p1'] })],
    [['time_differs', 'p1', 'd1']],
  ],
  [
    'that was refused',
    [action('p1')],
    [decision('d1', { downstream: ['p1'], verdict: 'refuse', permitted: false, executed: false })],
    [['action_despite_decision', 'p1', 'd1']],
  ],
  [
    'that was reported as failed and happened all the same',
    [action('p1')],
    [decision('d1', { downstream: ['p1'], executed: false })],
    [['matched', 'p1', 'd1']],
  ],
  ['that a failure needs no action for', [], [decision('d1', { executed: false })], []],
  [
    'that a refusal needs no action for',
    [],
    [decision('d1', { verdict: 'refuse', permitted: false, executed: false })],
    [],
  ],
  [
    'twice',
    [action('p1'), action('p1', { row: 2 })],
    [decision('d1', { downstream: ['p1'] })],
    [
      ['listed_twice', 'p1', 'd1'],
      ['matched', 'p1', 'd1'],
    ],
  ],
  ['by amount and time, likely', [action('p1')], [decision('d1')], [['likely_match', 'p1', 'd1']]],
  [
    'not by an amount that two decisions have',
    [action('p1')],
    [decision('d1'), decision('d2')],
    [
      ['action_without_decision', 'p1', null],
      ['decision_without_action', null, 'd1'],
      ['decision_without_action', null, 'd2'],
    ],
  ],
  [
    'not by an amount that two rows have',
    [action('p1'), action('p2')],
    [decision('d1')],
    [
      ['action_without_decision', 'p1', null],
      ['action_without_decision', 'p2', null],
      ['decision_without_action', null, 'd1'],
    ],
  ],
  [
    'not when the decision reported another id',
    [action('p1')],
    [decision('d1', { downstream: ['p9'] })],
    [
      ['action_without_decision', 'p1', null],
      ['decision_without_action', null, 'd1'],
    ],
  ],
  [
    'not by a row without a time',
    [action('p1', { atMs: null })],
    [decision('d1')],
    [
      ['action_without_decision', 'p1', null],
      ['decision_without_action', null, 'd1'],
    ],
  ],
  ['that lies outside of the list’s time is not missed', [], [decision('d1', { atMs: 61 * MINUTE_MS })], []],
])('matches %s', (_name, actions, decisions, expected) => {
  expect(run(actions, decisions)).toEqual(expected);
});

test('one decision may have led to several actions', () => {
  expect(run([action('p1'), action('p2')], [decision('d1', { downstream: ['p1', 'p2'] })])).toEqual([
    ['matched', 'p1', 'd1'],
    ['matched', 'p2', 'd1'],
  ]);
});

test('as many rows as a list may have, all of one amount at one time, are likely to be nothing', () => {
  const n = 50_000;
  const found = run(
    Array.from({ length: n }, (_, i) => action(`p${i + 1}`)),
    Array.from({ length: n }, (_, i) => decision(`d${i + 1}`)),
  );
  expect(found.filter(([finding]) => finding === 'likely_match')).toEqual([]);
  expect(found).toHaveLength(2 * n);
});
