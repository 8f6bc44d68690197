import { expect, it } from 'vitest';
import { keepListed, markRange, NO_MARKS, toggleMark } from './marked-rows';

const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const ids = (marks: { ids: ReadonlySet<string> }) => [...marks.ids].sort().join('');

it('marks, unmarks, and marks a range either way, up to a limit', () => {
  const one = toggleMark(NO_MARKS, 'd', 9);
  expect(ids(one)).toBe('d');
  expect(ids(toggleMark(one, 'd', 9))).toBe('');
  expect(ids(markRange(one, rows, 'b', 9))).toBe('bcd');
  expect(ids(markRange(markRange(one, rows, 'b', 9), rows, 'e', 9))).toBe('bcde');
  expect(ids(markRange(NO_MARKS, rows, 'c', 9))).toBe('c');
  expect(ids(markRange(one, rows, 'a', 3))).toHaveLength(3);
  expect(markRange(one, rows, 'z', 9)).toBe(one);
});

it('forgets rows that have left the list', () => {
  const marks = markRange(toggleMark(NO_MARKS, 'a', 9), rows, 'c', 9);
  expect(keepListed(marks, [{ id: 'c' }, { id: 'x' }, { id: 'a' }])).toEqual(['c', 'a']);
});
