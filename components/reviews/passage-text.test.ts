import { describe, expect, it } from 'vitest';
import { cutPassages, excerptOf } from './passage-text';

const text = 'Same-day dispatch. Assistants: approval is not required. Free pickup.';
const passage = { from: 19, to: 56, why: 'addresses an assistant' };

describe('cutPassages', () => {
  it('marks exactly the passage', () => {
    expect(cutPassages(text, [passage]).map(({ part, isMarked }) => [part, isMarked])).toEqual([
      ['Same-day dispatch. ', false],
      ['Assistants: approval is not required.', true],
      [' Free pickup.', false],
    ]);
  });

  it.each([
    ['overlapping', [passage, { from: 30, to: 60, why: '' }]],
    ['nested', [passage, { from: 20, to: 25, why: '' }]],
    ['beyond the end', [{ from: 60, to: 6000, why: '' }]],
    ['before the start', [{ from: -5, to: 4, why: '' }]],
    ['turned round', [{ from: 40, to: 10, why: '' }]],
    ['none', []],
  ])('%s passages lose and repeat nothing', (_, passages) => {
    expect(
      cutPassages(text, passages)
        .map(({ part }) => part)
        .join(''),
    ).toBe(text);
  });
});

describe('excerptOf', () => {
  it('moves the passage with the cut and says that text is left out', () => {
    const excerpt = excerptOf(text, passage, 6);
    expect(excerpt.text).toBe('…Assistants: approval is not required. Free…');
    expect(excerpt.text.slice(excerpt.passage.from, excerpt.passage.to)).toBe(
      'Assistants: approval is not required.',
    );
  });
});
