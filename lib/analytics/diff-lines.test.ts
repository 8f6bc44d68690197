import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './diff-lines';

const words = (before: string, after: string) =>
  diffLines(before, after)?.map(
    ({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`,
  );

test('names the fewest lines', () => {
  expect(words('a\nb\nc\nd', 'a\nc\nx\nd')).toEqual([' a', '-b', ' c', '+x', ' d']);
  expect(words('same', 'same')).toEqual([' same']);
});

test('without what was added it is the old text, without what was removed the new one', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before.join('\n'), after.join('\n')) ?? [];
      expect(lines.filter(({ kind }) => kind !== 'added').map((line) => line.text)).toEqual(before);
      expect(lines.filter(({ kind }) => kind !== 'removed').map((line) => line.text)).toEqual(after);
    }),
  );
});

test('gives up on what would take too long', () => {
  const many = (word: string) => Array.from({ length: 3_000 }, (_, i) => `${word}${i}`).join('\n');
  expect(diffLines(many('a'), many('b'))).toBeNull();
  expect(diffLines(many('a'), `${many('a')}\nmore`)?.length).toBe(3_001);
});
