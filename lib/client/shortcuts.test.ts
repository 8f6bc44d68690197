import { describe, expect, it } from 'vitest';
import { formatKeys } from './shortcuts';

const press = (key: string, held: Partial<Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'altKey'>> = {}) =>
  formatKeys({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe('formatKeys', () => {
  it.each([
    ['j', {}, 'j'],
    ['?', {}, '?'],
    ['k', { ctrlKey: true }, 'Ctrl K'],
    ['k', { metaKey: true }, 'Ctrl K'],
    ['Enter', { ctrlKey: true }, 'Ctrl Enter'],
    ['d', { altKey: true }, 'Alt d'],
  ])('%s with %j is written %s', (key, held, text) => {
    expect(press(key, held)).toBe(text);
  });

  it('does not take Ctrl D (bookmark) for d (deny)', () => {
    expect(press('d', { ctrlKey: true })).not.toBe(press('d'));
  });
});
