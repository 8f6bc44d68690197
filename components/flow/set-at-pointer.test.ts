import { expect, it } from 'vitest';
import { setAtPointer } from './set-at-pointer';

it('changes exactly one place of a copy, and nothing where there is none', () => {
  const value = { a: { 'b/c': [1, { d: 2 }] }, e: 3 };
  expect(setAtPointer(value, '/a/b~1c/1/d', 9)).toEqual({ a: { 'b/c': [1, { d: 9 }] }, e: 3 });
  expect(value.a['b/c'][1]).toEqual({ d: 2 });
  expect(setAtPointer(value, '/missing/x', 9)).toEqual(value);
  expect(setAtPointer(value, '/__proto__/x', 9)).toEqual(value);
});
