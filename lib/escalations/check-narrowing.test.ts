import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import { checkNarrowing, narrowRuleOf } from './check-narrowing';

const RULE = narrowRuleOf({
  amount: '/action/properties/amount',
  narrow: {
    lower: ['/action/properties/lines/0/quantity'],
    earlier: ['/action/properties/valid_until'],
    fewer: ['/action/properties/items', '/context/a~1b'],
  },
});
const properties = (change: JsonObject = {}): JsonObject => ({
  amount: '18500.00',
  currency: 'INR',
  to: 'acct-7',
  valid_until: '2026-12-31T00:00:00Z',
  items: ['a', 'b', { c: 1 }],
  lines: [{ quantity: 3 }],
  ...change,
});
const action = (change: JsonObject = {}, context: JsonObject = { 'a/b': [1, 2], session: 's' }): Action => ({
  subject: { type: 'agent', id: 'a' },
  resource: { type: 'account', id: 'acct-7' },
  action: { name: 'pay', properties: properties(change) },
  context,
});
const check = (change: JsonObject, context?: JsonObject) =>
  checkNarrowing(action(), context ? action(change, context) : action(change), RULE);

describe('what narrows', () => {
  it.each<[string, JsonObject, string]>([
    ['a smaller amount', { amount: '18499.99' }, '/action/properties/amount'],
    ['an earlier end', { valid_until: '2026-12-30T23:59:59Z' }, '/action/properties/valid_until'],
    ['fewer items in their order', { items: ['a', { c: 1 }] }, '/action/properties/items'],
    ['a smaller number in a list', { lines: [{ quantity: 2 }] }, '/action/properties/lines/0/quantity'],
  ])('%s', (_name, change, pointer) => {
    expect(check(change)).toMatchObject({ ok: true, value: [{ pointer }] });
  });

  it('several at once, also behind an escaped pointer', () => {
    const both = check({ amount: '1' }, { 'a/b': [2], session: 's' });
    expect(both.ok && both.value.map(({ pointer }) => pointer)).toEqual([
      '/action/properties/amount',
      '/context/a~1b',
    ]);
  });

  it('nothing is not an edit', () => {
    expect(check({})).toMatchObject({ code: 'edit_unchanged' });
  });
});

describe('what does not', () => {
  it.each<[string, JsonObject]>([
    ['a larger amount', { amount: '18500.01' }],
    ['the same amount spelled otherwise', { amount: '18500.0' }],
    ['no amount', { amount: '0.00' }],
    ['a negative amount', { amount: '-5' }],
    ['an amount that is no amount', { amount: '1e2' }],
    ['an amount of another type', { amount: 100 }],
    ['a later end', { valid_until: '2027-01-01T00:00:00Z' }],
    ['an end in another spelling', { valid_until: '2026-12-30' }],
    ['a day that does not exist', { valid_until: '2026-02-30T00:00:00Z' }],
    ['an end in another zone', { valid_until: '2026-12-30T00:00:00+14:00' }],
    ['another item', { items: ['a', 'x'] }],
    ['items in another order', { items: ['b', 'a'] }],
    ['an item twice', { items: ['a', 'a'] }],
    ['no item', { items: [] }],
    ['more items', { items: ['a', 'b', { c: 1 }, 'd'] }],
    ['another payee', { to: 'acct-8' }],
    ['another payee beside a smaller amount', { amount: '1', to: 'acct-8' }],
    ['a member more', { amount: '1', memo: 'x' }],
    ['another quantity that the rule does not name', { lines: [{ quantity: 2 }, { quantity: 1 }] }],
  ])('%s', (_name, change) => {
    expect(check(change)).toMatchObject({ ok: false, code: 'edit_widens' });
  });

  it('a member less', () => {
    const { to: _, ...rest } = properties();
    const edited = { ...action(), action: { name: 'pay', properties: rest } };
    expect(checkNarrowing(action(), edited, RULE)).toMatchObject({
      code: 'edit_widens',
      detail: '/action/properties/to',
    });
  });

  it.each<[string, (edited: Action) => Action]>([
    ['another tool', (edited) => ({ ...edited, action: { ...edited.action, name: 'refund' } })],
    ['another agent', (edited) => ({ ...edited, subject: { ...edited.subject, id: 'b' } })],
    ['another account', (edited) => ({ ...edited, resource: { ...edited.resource, id: 'acct-9' } })],
    ['another session', (edited) => ({ ...edited, context: { ...edited.context, session: 't' } })],
  ])('%s, however small the amount', (_name, change) => {
    expect(checkNarrowing(action(), change(action({ amount: '1' })), RULE)).toMatchObject({
      code: 'edit_widens',
    });
  });

  it('anything where the policy names no place', () => {
    expect(checkNarrowing(action(), action({ amount: '1' }), narrowRuleOf(null))).toMatchObject({
      code: 'edit_widens',
    });
  });
});

describe('whatever is edited', () => {
  const json = fc
    .jsonValue({ maxDepth: 2 })
    .map(
      (value) =>
        JSON.parse(
          JSON.stringify(value, (_k, v) => (typeof v === 'number' ? Math.trunc(v) % 1e9 : v)),
        ) as JsonValue,
    );

  it('a changed member outside the named places is refused', () => {
    fc.assert(
      fc.property(fc.constantFrom('to', 'currency', 'lines', 'extra'), json, (name, value) => {
        const same = JSON.stringify(properties()[name]) === JSON.stringify(value);
        const narrows = name === 'lines' && JSON.stringify(value).match(/^\[\{"quantity":[12]\}\]$/);
        fc.pre(!same && !narrows);
        expect(check({ amount: '1', [name]: value }).ok).toBe(false);
      }),
    );
  });

  it('an amount passes exactly when it is smaller and above zero', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 4_000_000 }), (cents) => {
        const text = `${cents < 0 ? '-' : ''}${Math.trunc(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
        expect(check({ amount: text }).ok).toBe(cents > 0 && cents < 1_850_000);
      }),
    );
  });

  it('narrowing twice is narrowing once, and never the way back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 18_499 }),
        fc.integer({ min: 1, max: 18_498 }),
        (first, second) => {
          fc.pre(second < first);
          const [once, twice] = [action({ amount: String(first) }), action({ amount: String(second) })];
          expect(checkNarrowing(once, twice, RULE).ok).toBe(true);
          expect(checkNarrowing(action(), twice, RULE).ok).toBe(true);
          expect(checkNarrowing(twice, once, RULE).ok).toBe(false);
        },
      ),
    );
  });
});
