import { describe, expect, it } from 'vitest';
import { listLines } from './list-json-lines';
import { parseJsonLines } from './parse-json-lines';

const parsed = parseJsonLines('{"a":{"b":1,"c":{"d":"Nova"}},"e":[],"f":"x"}');
const lines = parsed.ok ? parsed.lines : [];

describe('listLines', () => {
  it('shows every line when nothing is folded', () => {
    expect(listLines(lines, new Set(), '').shown).toHaveLength(6);
  });

  it('leaves out only what lies inside a folded line', () => {
    expect(listLines(lines, new Set([1]), '').shown.map((line) => line.key)).toEqual(['a', 'e', 'f']);
    expect(listLines(lines, new Set([3]), '').shown.map((line) => line.key)).toEqual([
      'a',
      'b',
      'c',
      'e',
      'f',
    ]);
  });

  it('finds names and values also inside folded lines', () => {
    expect(listLines(lines, new Set([1]), 'nova').found).toEqual([4]);
    expect(listLines(lines, new Set(), 'E').found).toEqual([5]);
    expect(listLines(lines, new Set(), '').found).toEqual([]);
  });
});
