import { describe, expect, it } from 'vitest';
import { listPaletteEntries } from './list-palette-entries';

describe('listPaletteEntries', () => {
  it('offers only the pages that the person may open', () => {
    const labels = listPaletteEntries('', ['queue', 'integrity']).entries.map((entry) => entry.label);
    expect(labels.filter((label) => label.startsWith('Go to'))).toEqual(['Go to Queue', 'Go to Integrity']);
  });

  it('narrows by words', () => {
    expect(listPaletteEntries('dark', ['queue']).entries.map((entry) => entry.key)).toEqual(['dark']);
  });

  it('leads to what an id names before anything else', () => {
    const { entries } = listPaletteEntries('esc_01a1f818-9e64-7177-b7cb-0686749afeb3', ['queue']);
    expect(entries).toMatchObject([
      { icon: 'hand', href: '/queue/esc_01a1f818-9e64-7177-b7cb-0686749afeb3' },
    ]);
  });

  it('says why a pasted token leads nowhere', () => {
    expect(listPaletteEntries('e30.e30.AAAA', ['queue'])).toEqual({
      entries: [],
      problem: 'unreadable_token',
    });
  });

  it('offers nothing for words that are neither', () => {
    expect(listPaletteEntries('Meera Iyer', ['queue']).entries).toEqual([]);
  });
});
