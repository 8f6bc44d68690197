import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/lib/core/json';
import { formatAction } from '@/lib/tokens/action';
import { parseToolCall, toolAction } from './tool-call';

const origin = { agent: 'files-agent', server: 'files', context: {} };

describe('a tool call as an action', () => {
  it('is the worked example of the head comment', () => {
    const call = parseToolCall({ name: 'write_file', arguments: { path: '/a', content: 'x' } });
    if (!call.ok) throw new Error(call.code);
    expect(toolAction(call.value, origin)).toEqual({
      subject: { type: 'agent', id: 'files-agent' },
      resource: { type: 'mcp_server', id: 'files' },
      action: { name: 'files.write_file', properties: { path: '/a', content: 'x' } },
      context: {},
    });
  });

  it('without arguments is another action than with none in it', () => {
    const both: JsonObject[] = [{ name: 'list' }, { name: 'list', arguments: {} }];
    const [absent, empty] = both.map((params) => {
      const call = parseToolCall(params);
      if (!call.ok) throw new Error(call.code);
      return formatAction(toolAction(call.value, origin));
    });
    expect(absent).not.toBe(empty);
  });

  it.each<[string, JsonObject, string]>([
    ['a fraction', { name: 'pay', arguments: { amount: 0.1 } }, 'arguments_not_json'],
    ['minus zero', { name: 'pay', arguments: { amount: -0 } }, 'arguments_not_json'],
    ['a number beyond 2^53', { name: 'pay', arguments: { amount: 2 ** 53 } }, 'arguments_not_json'],
    ['a fraction deep inside', { name: 'pay', arguments: { a: [{ b: 1.5 }] } }, 'arguments_not_json'],
    ['a list as arguments', { name: 'pay', arguments: [] }, 'arguments_not_json'],
    ['text as arguments', { name: 'pay', arguments: '{}' }, 'arguments_not_json'],
    ['null as arguments', { name: 'pay', arguments: null }, 'arguments_not_json'],
    [
      'an amount and an Amount',
      { name: 'pay', arguments: { amount: '1', Amount: '10000' } },
      'arguments_case',
    ],
    ['the same deep inside', { name: 'pay', arguments: { a: [{ to: 'x', TO: 'y' }] } }, 'arguments_case'],
    ['the same with a Kelvin sign', { name: 'pay', arguments: { k: '1', '\u212a': '2' } }, 'arguments_case'],
    ['the same with a long s', { name: 'pay', arguments: { sum: '1', '\u017fum': '2' } }, 'arguments_case'],
    ['a background task', { name: 'pay', arguments: {}, task: { ttl: 60_000 } }, 'tool_member'],
    [
      'an Arguments beside the arguments',
      { name: 'pay', arguments: {}, Arguments: { x: '1' } },
      'tool_member',
    ],
    ['a name with a space', { name: 'pay now', arguments: {} }, 'tool_name'],
    ['no name', { arguments: {} }, 'tool_name'],
    ['a number as name', { name: 7 }, 'tool_name'],
    ['an object as progress token', { name: 'pay', _meta: { progressToken: {} } }, 'progress_token'],
  ])('refuses %s', (_attack, params, code) => {
    expect(parseToolCall(params)).toMatchObject({ ok: false, code });
  });
});
