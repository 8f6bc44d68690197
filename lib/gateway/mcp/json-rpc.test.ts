import { describe, expect, it } from 'vitest';
import { formatRpc, parseRpc } from './json-rpc';

const strict = { maxBytes: 65_536, unknownMembers: 'refuse' } as const;

describe('parseRpc', () => {
  it.each([
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"write_file","arguments":{"path":"/a"}}}',
    '{"jsonrpc":"2.0","id":"a","method":"ping"}',
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":0.5}}',
    '{"jsonrpc":"2.0","id":7,"result":{"content":[]}}',
    '{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no"}}',
  ])('reads and prints back %s', (line) => {
    const read = parseRpc(line, strict);
    if (!read.ok) throw new Error(read.code);
    expect(formatRpc(read.value)).toBe(line);
  });

  it.each([
    ['a method spelled twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', 'rpc_json'],
    [
      'a method in another case',
      '{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}',
      'rpc_member',
    ],
    ['an id spelled twice', '{"jsonrpc":"2.0","id":1,"id":2,"result":{}}', 'rpc_json'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"tools/call"}]', 'rpc_batch'],
    ['an answer that is a request too', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', 'rpc_shape'],
    [
      'a result and an error',
      '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}',
      'rpc_shape',
    ],
    ['neither method nor result', '{"jsonrpc":"2.0","id":1}', 'rpc_shape'],
    ['a null id', '{"jsonrpc":"2.0","id":null,"method":"tools/call"}', 'rpc_shape'],
    ['an object as id', '{"jsonrpc":"2.0","id":{},"method":"tools/call"}', 'rpc_shape'],
    ['a fraction as id', '{"jsonrpc":"2.0","id":1.5,"method":"tools/call"}', 'rpc_shape'],
    [
      'params as a list',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["write_file"]}',
      'rpc_shape',
    ],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 'rpc_shape'],
    [
      'a rounded integer',
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"n":9007199254740993}}',
      'rpc_json',
    ],
    ['half a surrogate', '{"jsonrpc":"2.0","id":1,"method":"x","params":{"n":"\\ud800"}}', 'rpc_json'],
    [
      'a thousand brackets',
      `{"jsonrpc":"2.0","id":1,"method":"x","params":{"n":${'['.repeat(1000)}${']'.repeat(1000)}}}`,
      'rpc_json',
    ],
    ['more bytes than allowed', `{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(65_536)}"}`, 'rpc_json'],
    ['no JSON', 'Server started!', 'rpc_json'],
  ])('refuses %s', (_attack, line, code) => {
    expect(parseRpc(line, strict)).toMatchObject({ ok: false, code });
  });

  it('leaves out what it does not know where it does not refuse it', () => {
    const line = '{"jsonrpc":"2.0","id":1,"result":{},"Result":{"content":"x"}}';
    const read = parseRpc(line, { ...strict, unknownMembers: 'drop' });
    if (!read.ok) throw new Error(read.code);
    expect(formatRpc(read.value)).toBe('{"jsonrpc":"2.0","id":1,"result":{}}');
  });
});
