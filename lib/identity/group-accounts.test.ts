import { expect, it } from 'vitest';
import { groupAccounts } from './group-accounts';

it('finds one human behind links in any order and direction', () => {
  const human = groupAccounts([
    { person: 'd', other: 'c' },
    { person: 'a', other: 'b' },
    { person: 'c', other: 'b' },
    { person: 'b', other: 'a' },
  ]);
  expect(['a', 'b', 'c', 'd'].map(human)).toEqual(['a', 'a', 'a', 'a']);
  expect(human('e')).toBe('e');
});
