import { expect, test } from 'vitest';
import { basisWords, totalWords } from './search-words';

test.each([
  ['an exact total', { kind: 'exact', n: 1_204 }, 200, false, '1,204 decisions'],
  ['one', { kind: 'exact', n: 1 }, 1, true, '1 decision'],
  ['not counted yet', undefined, 200, false, 'counting'],
  ['not counted, but all were read', undefined, 7, true, '7 decisions'],
  ['a bounded count', { kind: 'more', n: 2_000 }, 200, false, 'at least 2,000 decisions'],
  ['more were read than counted', { kind: 'more', n: 2_000 }, 2_400, false, 'at least 2,400 decisions'],
  ['a bounded count, but all were read', { kind: 'more', n: 2_000 }, 2_400, true, '2,400 decisions'],
  ['counting was given up', { kind: 'more', n: 0 }, 0, false, 'not counted'],
] as const)('%s', (_name, total, shown, isEnd, words) => {
  expect(totalWords(total, shown, isEnd)).toBe(words);
});

test('a count over some says over which', () => {
  expect(basisWords({ all: false, n: 2_000 })).toBe('of the newest 2,000 that match');
  expect(basisWords({ all: true, n: 5 })).toBeNull();
});
