import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatSearchQuery,
  MAX_QUERY_CHARACTERS,
  parseSearchQuery,
  SEARCH_FIELDS,
  type SearchField,
  type SearchTerm,
  windowOf,
  withoutTerm,
  withTerm,
} from './search-query';

const token = `tok_${'8a'.repeat(16)}`;
const trace = '0123456789abcdef'.repeat(2);

function canonical(text: string): string {
  const parsed = parseSearchQuery(text);
  if (!parsed.ok) throw new Error(`${parsed.code}: ${parsed.detail}`);
  return formatSearchQuery(parsed.value);
}

describe('what a person types', () => {
  const accepted: [string, string, string][] = [
    ['nothing', '', ''],
    ['only spaces', '   ', ''],
    ['fields in any order', `outcome:refuse subject:${token}`, `subject:${token} outcome:refuse`],
    ['a field in capitals', 'Outcome:refuse', 'outcome:refuse'],
    ['the same term twice', 'agent:a agent:a', 'agent:a'],
    ['several values of one field', 'outcome:refuse outcome:escalate', 'outcome:escalate outcome:refuse'],
    ['a value with spaces', 'rule:"first time merchant"', 'rule:"first time merchant"'],
    ['quotes that were not needed', 'agent:"shopping-1"', 'agent:shopping-1'],
    ['a bare subject token', token, `subject:${token}`],
    ['a bare trace id', trace, `trace:${trace}`],
    [
      'a bare decision id',
      'dec_01a1f682-ea84-7ea5-a094-4f08cca0c2ab',
      'decision:dec_01a1f682-ea84-7ea5-a094-4f08cca0c2ab',
    ],
    [
      'a bare escalation id',
      'esc_01a1f682-ea84-7ea5-a094-4f08cca0c2ab',
      'escalation:esc_01a1f682-ea84-7ea5-a094-4f08cca0c2ab',
    ],
    ['an agent id with colons', 'agent:spiffe://a.example/x', 'agent:spiffe://a.example/x'],
    ['an instant that is midnight', 'after:2026-06-01T00:00:00.000Z', 'after:2026-06-01'],
    ['an instant', 'before:2026-06-01T10:30:00.000Z', 'before:2026-06-01T10:30:00.000Z'],
  ];
  test.each(accepted)('%s', (_, text, expected) => {
    expect(canonical(text)).toBe(expected);
    expect(canonical(expected)).toBe(expected);
  });

  const refused: [string, string, string, string?][] = [
    ['a name of no field', 'colour:red', 'unknown_field', 'colour:red'],
    ['a word that is no id', 'refunds', 'unknown_word', 'refunds'],
    ['an SQL wildcard as a subject', 'subject:%', 'bad_value'],
    ['a real identifier where a token belongs', 'subject:patient-17', 'bad_value'],
    ['a subject token with an upper-case digit', `subject:tok_${'8A'.repeat(16)}`, 'bad_value'],
    ['an outcome that does not exist', 'outcome:approved', 'bad_value'],
    ['a field without its value', 'agent:', 'unknown_word'],
    ['an empty quoted value', 'rule:""', 'bad_value'],
    ['two subjects', `subject:${token} subject:tok_${'9b'.repeat(16)}`, 'repeated_field'],
    ['a day that does not exist', 'after:2026-02-30', 'bad_value'],
    ['a time without its zone', 'after:2026-02-03T10:00', 'bad_value'],
    ['an invisible control character', 'rule:a\u0007b', 'bad_value'],
    ['a member of Object.prototype', 'constructor:x', 'unknown_field'],
  ];
  test.each(refused)('refuses %s', (_, text, code, detail) => {
    expect(parseSearchQuery(text)).toMatchObject({ ok: false, code, ...(detail ? { detail } : {}) });
  });

  test('refuses a query longer than it will read', () => {
    expect(parseSearchQuery(`agent:${'a'.repeat(MAX_QUERY_CHARACTERS)}`)).toMatchObject({ code: 'too_long' });
  });
});

const id = fc.stringMatching(/^[A-Za-z0-9._:/@+-]{1,40}$/);
const label = fc
  .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  .filter((text) => !/[\p{Cc}"]/u.test(text));
const bound = fc.integer({ min: 0, max: 4_102_444_800_000 }).map((ms) => new Date(ms).toISOString());
const values: Record<SearchField, fc.Arbitrary<string>> = {
  subject: fc.constant(token),
  decision: id,
  escalation: id,
  trace: fc.constant(trace),
  run: id,
  session: id,
  agent: id,
  tool: id,
  outcome: fc.constantFrom('allow', 'refuse', 'escalate', 'defer'),
  source: fc.constantFrom('gateway', 'framework'),
  control: fc.constantFrom('grant', 'budget', 'threshold'),
  rule: label,
  tier: fc.constantFrom('reversible', 'bounded', 'unbounded'),
  model: label,
  policy: label,
  prompt: label,
  guardrail: label,
  reviewer: id,
  downstream: id,
  origin: fc.constant('otlp'),
  after: bound,
  before: bound,
};
const term: fc.Arbitrary<SearchTerm> = fc
  .constantFrom(...SEARCH_FIELDS)
  .chain((field) => values[field].map((value) => ({ field, value })));

test('any query built of terms prints to a text that reads back to the same query', () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 12 }), (terms) => {
      const query = terms.reduce(withTerm, [] as readonly SearchTerm[]);
      const text = formatSearchQuery(query);
      fc.pre(text.length <= MAX_QUERY_CHARACTERS);
      expect(parseSearchQuery(text)).toEqual({ ok: true, value: query });
    }),
  );
});

test('parsing never throws on any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      (text) => typeof parseSearchQuery(text).ok === 'boolean',
    ),
  );
});

test('a once-only field is replaced, a repeatable one is added, and either can be taken away', () => {
  const one = withTerm([], { field: 'after', value: '2026-06-01' });
  const two = withTerm(one, { field: 'after', value: '2026-07-01' });
  expect(formatSearchQuery(two)).toBe('after:2026-07-01');
  const agents = withTerm(withTerm(two, { field: 'agent', value: 'b' }), { field: 'agent', value: 'a' });
  expect(formatSearchQuery(agents)).toBe('agent:a agent:b after:2026-07-01');
  expect(formatSearchQuery(withoutTerm(agents, { field: 'agent', value: 'a' }))).toBe(
    'agent:b after:2026-07-01',
  );
});

test('the window is in milliseconds, from midnight UTC of a date', () => {
  const parsed = parseSearchQuery('after:2026-06-01 before:2026-06-02T12:00:00.000Z');
  expect(parsed.ok && windowOf(parsed.value)).toEqual({
    afterMs: Date.UTC(2026, 5, 1),
    beforeMs: Date.UTC(2026, 5, 2, 12),
  });
});
