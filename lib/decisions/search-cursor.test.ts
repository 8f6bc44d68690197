import { expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { formatSearchCursor, parseSearchCursor } from './search-cursor';

test('a cursor reads back to what was printed', () => {
  const cursor = { occurredAtMs: 1_763_630_537_284, id: 'dec_01a1f682-ea84-7ea5-a094-4f08cca0c2ab' };
  expect(parseSearchCursor(formatSearchCursor(cursor))).toEqual({ ok: true, value: cursor });
});

test.each([
  ['empty', ''],
  ['not base64url', '!!'],
  ['no separator', formatBase64url(utf8('123'))],
  ['no time', formatBase64url(utf8('~dec_1'))],
  ['a negative time', formatBase64url(utf8('-1~dec_1'))],
  ['a time beyond the calendar', formatBase64url(utf8('9000000000000001~dec_1'))],
  ['SQL in the id', formatBase64url(utf8("1~dec' OR 1=1"))],
])('refuses a cursor that is %s', (_, text) => {
  expect(parseSearchCursor(text)).toEqual({ ok: false, code: 'cursor_syntax' });
});
