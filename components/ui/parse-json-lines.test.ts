import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonLines } from './parse-json-lines';

function linesOf(json: string) {
  const parsed = parseJsonLines(json);
  if (!parsed.ok) throw new Error(`${parsed.reason} at ${parsed.at}`);
  return parsed.lines;
}

describe('parseJsonLines', () => {
  it('numbers members in the order in which they are written', () => {
    const lines = linesOf('{"subject":{"type":"agent","id":"a"},"items":[1,{"x":null}],"done":true}');
    expect(lines.map((line) => [line.number, line.depth, line.key, line.text, line.lastLine])).toEqual([
      [1, 0, 'subject', '', 3],
      [2, 1, 'type', 'agent', 2],
      [3, 1, 'id', 'a', 3],
      [4, 0, 'items', '', 7],
      [5, 1, '0', '1', 5],
      [6, 1, '1', '', 7],
      [7, 2, 'x', 'null', 7],
      [8, 0, 'done', 'true', 8],
    ]);
    expect(lines.map((line) => line.pointer)).toContain('/items/1/x');
  });

  it.each([
    ['a number that a float would change', '{"n":9007199254740993}', '9007199254740993'],
    ['trailing zeros', '{"n":1.500}', '1.500'],
    ['an exponent', '{"n":1E400}', '1E400'],
    ['minus zero', '{"n":-0}', '-0'],
  ])('keeps %s as it is written', (_, json, text) => {
    expect(linesOf(json)[0]).toMatchObject({ type: 'number', text });
  });

  it('marks both of two members of one name', () => {
    const lines = linesOf('{"amount":"1","amount":"100000","\\u0061mount":"5"}');
    expect(lines.map((line) => line.isDuplicate)).toEqual([true, true, true]);
  });

  it('has one line for a bare value or an empty container', () => {
    expect(linesOf('"x"')).toMatchObject([{ key: '', text: 'x', number: 1 }]);
    expect(linesOf('{}')).toMatchObject([{ type: 'object', text: '{}' }]);
    expect(linesOf('{"a":[]}')).toMatchObject([{ type: 'array', text: '[]', childCount: 0, lastLine: 1 }]);
  });

  it('escapes pointers', () => {
    expect(linesOf('{"a/b":{"c~d":1}}')[1]?.pointer).toBe('/a~1b/c~0d');
  });

  it.each([
    ['empty', ''],
    ['comment that hides a member', '{"a":1/*,"b":2*/}'],
    ['trailing comma', '{"a":1,}'],
    ['second document after the first', '{"a":1}{"a":2}'],
    ['unquoted name', '{a:1}'],
    ['single quotes', "{'a':1}"],
    ['raw control character in a string', '"a\u0000b"'],
    ['bad escape', '"\\x41"'],
    ['leading zero', '{"n":007}'],
    ['NaN', '{"n":NaN}'],
    ['cut short', '{"a":{"b":1}'],
    ['byte-order mark', '\uFEFF{}'],
    ['no-break space between tokens', '{\u00A0"a":1}'],
    ['nesting meant to exhaust the stack', '['.repeat(100_000)],
  ])('refuses: %s', (_, json) => {
    expect(parseJsonLines(json).ok).toBe(false);
  });

  it('accepts exactly what JSON.parse accepts, and loses no leaf', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        const leaves: string[] = [];
        const walk = (value: unknown): void => {
          if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
            Object.values(value).forEach(walk);
          else leaves.push(typeof value === 'string' ? value : JSON.stringify(value));
        };
        walk(JSON.parse(json, (_, value) => (Object.is(value, -0) ? 0 : value)));
        const shown = linesOf(json).filter((line) => line.childCount === 0);
        expect(shown).toHaveLength(leaves.length);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        let accepted = true;
        try {
          JSON.parse(text);
        } catch {
          accepted = false;
        }
        expect(parseJsonLines(text).ok).toBe(accepted);
      }),
    );
  });
});
