import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatCanonicalJson, type JsonValue, parseJson, parseJsonValue } from '@/lib/core/json';
import { listJcsVectors } from '@/lib/core/testing/jcs-vectors';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';

describe('parseJson', () => {
  it.each([
    ['a repeated key', '{"a":1,"a":2}', 'json_duplicate_key'],
    ['a key repeated by an escape', '{"a":1,"\\u0061":2}', 'json_duplicate_key'],
    ['a repeated __proto__', '{"__proto__":1,"__proto__":2}', 'json_duplicate_key'],
    ['a repeated key deep inside an array', '[[{"x":{"b":[],"b":{}}}]]', 'json_duplicate_key'],
    ['a repeated key that hides a large object', '{"a":{"b":1,"c":2},"a":1}', 'json_duplicate_key'],
    ['a repeated empty key', '{"":1,"":1}', 'json_duplicate_key'],
    [
      'keys whose values hold quotes, colons and backslashes',
      '{"a":"\\\\\\":\\"","a":":"}',
      'json_duplicate_key',
    ],
    ['a fraction', '{"a":1.5}', 'json_number'],
    ['an integer spelled as a float', '{"a":1.0}', 'json_number'],
    ['an exponent', '[1e3]', 'json_number'],
    ['a capital exponent', '[1E3]', 'json_number'],
    ['2^53', '[9007199254740992]', 'json_number'],
    ['an integer that rounds to a safe one', '[9007199254740993]', 'json_number'],
    ['below −(2^53−1)', '[-9007199254740992]', 'json_number'],
    ['minus zero', '[-0]', 'json_number'],
    ['a number that overflows', '1e999', 'json_number'],
    ['a lone surrogate in an escape', '["\\ud800"]', 'json_string'],
    ['a lone surrogate in the text', '["\ud800"]', 'json_string'],
    ['a lone surrogate in a key', '{"\\udfff":1}', 'json_string'],
    ['swapped surrogates', '["\\udc00\\ud800"]', 'json_string'],
    ['a byte order mark', '\uFEFF{}', 'json_syntax'],
    ['trailing text', '{} {}', 'json_syntax'],
    ['a trailing comma', '[1,]', 'json_syntax'],
    ['a comment', '{}//', 'json_syntax'],
    ['single quotes', "{'a':1}", 'json_syntax'],
    ['a leading zero', '[01]', 'json_syntax'],
    ['NaN', '[NaN]', 'json_syntax'],
    ['a raw control character', '["\n"]', 'json_syntax'],
    ['nothing', '', 'json_syntax'],
    ['33 arrays', `${'['.repeat(33)}${']'.repeat(33)}`, 'json_too_deep'],
    ['a depth bomb', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'json_too_deep'],
    ['a depth bomb of objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'json_too_deep'],
  ])('refuses %s', (_, text, code) => {
    expect(parseJson(text)).toMatchObject({ ok: false, code });
  });

  it('counts depth in containers', () => {
    expect(parseJson(`${'['.repeat(32)}${']'.repeat(32)}`).ok).toBe(true);
    expect(parseJson('{"a":[]}', { maxDepth: 2 }).ok).toBe(true);
    expect(parseJson('{"a":[[]]}', { maxDepth: 2 })).toMatchObject({ code: 'json_too_deep' });
    expect(parseJson('1', { maxDepth: 0 }).ok).toBe(true);
  });

  it.each([
    ['ASCII', '"aaaa"', 6],
    ['two-byte characters', '"éé"', 6],
    ['three-byte characters', '"€€"', 8],
    ['surrogate pairs', '"😀"', 6],
  ])('measures %s in UTF-8 bytes', (_, text, bytes) => {
    expect(utf8(text).length).toBe(bytes);
    expect(parseJson(text, { maxBytes: bytes }).ok).toBe(true);
    expect(parseJson(text, { maxBytes: bytes - 1 })).toMatchObject({ code: 'json_too_large' });
  });

  it('reads __proto__ as an ordinary member and touches no prototype', () => {
    const parsed = parseJson('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    expect(Object.keys(parsed.value as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(parsed.value)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(formatCanonicalJson(parsed.value)).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
  });

  it('is not misled by punctuation inside strings', () => {
    expect(parseJson('{"a:b":"1.5e3: {","c":"\\\\","d\\"":":\\\\\\""}').ok).toBe(true);
  });

  it('allows finite floats on request, and integers only as they are', () => {
    expect(parseJson('[1.5,1e3,-0.0,1E30,1234567890123456789012e-5]', { allowFloats: true }).ok).toBe(true);
    expect(parseJson('[1e999]', { allowFloats: true })).toMatchObject({ code: 'json_number' });
    for (const exact of ['9007199254740992', '-9007199254740994', '100000000000000000000']) {
      expect(parseJson(exact, { allowFloats: true })).toEqual({ ok: true, value: Number(exact) });
      expect(parseJson(`{"a":${exact}}`)).toMatchObject({ code: 'json_number' });
    }
    for (const rounded of ['9007199254740993', '[-9007199254740993]', '{"a":1000000000000000000000000}']) {
      expect(parseJson(rounded, { allowFloats: true })).toMatchObject({ code: 'json_number' });
    }
    expect(parseJson('"9007199254740993"', { allowFloats: true }).ok).toBe(true);
  });

  it('reads back what it prints, every finite double included', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const printed = formatCanonicalJson([value]);
        const parsed = parseJson(printed, { allowFloats: true });
        expect(parsed.ok && formatCanonicalJson(parsed.value)).toBe(printed);
      }),
    );
  });

  const member = fc.oneof(
    fc.maxSafeInteger().map((n) => n + 0 || 0),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
  );
  const tree = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      member,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  it('reads back every canonical print and every indented print', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const canonical = formatCanonicalJson(value);
        const parsed = parseJson(canonical);
        expect(parsed.ok && formatCanonicalJson(parsed.value)).toBe(canonical);
        const indented = parseJson(JSON.stringify(value, null, 2));
        expect(indented.ok && formatCanonicalJson(indented.value)).toBe(canonical);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseJson(text).ok === 'boolean'));
  });
});

describe('parseJsonValue', () => {
  it.each([
    ['undefined', undefined],
    ['a member that is undefined', { a: undefined }],
    ['a function', { a: () => 1 }],
    ['a date', { a: new Date(0) }],
    ['a map', new Map()],
    ['a bigint', [1n]],
    ['a sparse array', new Array(1)],
    ['NaN', [Number.NaN]],
  ])('refuses %s', (_, value) => {
    expect(parseJsonValue(value).ok).toBe(false);
  });

  it('refuses a cycle as too deep', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(parseJsonValue(cycle)).toMatchObject({ code: 'json_too_deep' });
  });
});

describe('RFC 8785', () => {
  it.each([
    [
      '§3.2.2, its own example',
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    ],
    [
      '§3.2.3, keys by UTF-16 code units and not by code points',
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
      `{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}`,
    ],
    [
      'appendix B, the ends of the doubles',
      '[-0,5e-324,-5e-324,1.7976931348623157e308,9007199254740991,1e21,999999999999999900000,0.000001,9.999999999999997e-7,333333333.3333332,-0.0000033333333333333333]',
      '[0,5e-324,-5e-324,1.7976931348623157e+308,9007199254740991,1e+21,999999999999999900000,0.000001,9.999999999999997e-7,333333333.3333332,-0.0000033333333333333333]',
    ],
  ])('%s', (_, text, canonical) => {
    const parsed = parseJson(text, { allowFloats: true });
    expect(parsed.ok && formatCanonicalJson(parsed.value)).toBe(canonical);
  });
});

describeVectorCases('ed25519/jcs', 'RFC 8785 (cyberphone/json-canonicalization)', 8, listJcsVectors);
