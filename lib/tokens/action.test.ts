import { describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/core/json';
import { type Action, actionDigest, formatAction, parseAction } from '@/lib/tokens/action';

const example: Action = {
  subject: { type: 'agent', id: 'a' },
  resource: { type: 'doc', id: '1' },
  action: { name: 'read' },
  context: {},
};

function parsed(value: unknown): Action {
  const action = parseAction(value);
  if (!action.ok) throw new Error(action.detail);
  return action.value;
}

describe('action', () => {
  it('recomputes the worked example of the module', () => {
    expect(formatAction(example)).toBe(
      '{"action":{"name":"read"},"context":{},"resource":{"id":"1","type":"doc"},"subject":{"id":"a","type":"agent"}}',
    );
    expect(actionDigest(example)).toBe('mc3PPFGYM962ZOliD0aIsBOVf0nvuUokD94q4FFRgD0');
  });

  it('does not depend on the order of members', () => {
    const { subject, resource, action, context } = example;
    expect(actionDigest(parsed({ context, action, resource, subject }))).toBe(actionDigest(example));
  });

  it('keeps every property, however it is named, under the digest', () => {
    const text =
      '{"subject":{"type":"t","id":"i"},"resource":{"type":"t","id":"i","properties":{"__proto__":{"x":1},"a":[1,"é",null]}},"action":{"name":"n"},"context":{}}';
    const json = parseJson(text);
    const action = parsed(json.ok && json.value);
    expect(formatAction(action)).toContain('"__proto__":{"x":1}');
    expect(parsed(JSON.parse(formatAction(action)))).toEqual(action);
  });

  it('tells every changed member apart', () => {
    const digests = [
      example,
      { ...example, subject: { type: 'agent', id: 'b' } },
      { ...example, resource: { type: 'doc', id: '2' } },
      { ...example, action: { name: 'write' } },
      { ...example, context: { purpose: 'x' } },
      { ...example, resource: { ...example.resource, properties: {} } },
      { ...example, resource: { ...example.resource, properties: { amount: '18500.00' } } },
      { ...example, resource: { ...example.resource, properties: { amount: '18500.0' } } },
    ].map((action) => actionDigest(parsed(action)));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('takes an absent context for the empty one', () => {
    const { context: _, ...rest } = example;
    expect(actionDigest(parsed(rest))).toBe(actionDigest(example));
  });

  it.each([
    ['a float', { ...example, context: { amount: 18500.5 } }, 'action_not_json'],
    ['an integer beyond 2^53', { ...example, context: { n: 2 ** 53 } }, 'action_not_json'],
    ['a lone surrogate', { ...example, context: { a: '\ud800' } }, 'action_not_json'],
    ['undefined', { ...example, context: { a: undefined } }, 'action_not_json'],
    ['a date', { ...example, context: { at: new Date(0) } }, 'action_not_json'],
    ['null', null, 'action_shape'],
    ['an array', [example], 'action_shape'],
    ['a context that is an array', { ...example, context: [] }, 'action_shape'],
    ['a null context', { ...example, context: null }, 'action_shape'],
    ['an unknown member', { ...example, extra: 1 }, 'action_shape'],
    [
      'an unknown member of the resource',
      { ...example, resource: { ...example.resource, note: 'x' } },
      'action_shape',
    ],
    [
      'an own __proto__ member',
      JSON.parse(`{"__proto__":1,${formatAction(example).slice(1)}`),
      'action_shape',
    ],
    ['a subject without id', { ...example, subject: { type: 'agent' } }, 'action_shape'],
    ['an empty action name', { ...example, action: { name: '' } }, 'action_shape'],
    ['a number as id', { ...example, subject: { type: 'agent', id: 1 } }, 'action_shape'],
  ])('refuses %s', (_, value, code) => {
    expect(parseAction(value)).toMatchObject({ ok: false, code });
  });
});
