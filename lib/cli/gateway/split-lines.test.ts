import { describe, expect, it } from 'vitest';
import { splitLines } from './split-lines';

function linesOf(chunks: readonly string[], maxBytes = 16): { lines: string[]; tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const feed = splitLines({ maxBytes, onLine: (line) => lines.push(line), onTooLong: () => tooLong++ });
  for (const chunk of chunks) feed(Buffer.from(chunk));
  return { lines, tooLong };
}

describe('splitLines', () => {
  it.each([
    ['whole', ['one\ntwo\r\n\nthree\n'], ['one', 'two', 'three']],
    ['byte by byte', [...'one\ntwo\n'], ['one', 'two']],
    ['without its end', ['one\ntw'], ['one']],
    ['exactly as long as allowed', [`${'x'.repeat(16)}\n`], ['x'.repeat(16)]],
  ])('reads lines that come %s', (_how, chunks, lines) => {
    expect(linesOf(chunks)).toEqual({ lines, tooLong: 0 });
  });

  it('joins a character that comes in two parts', () => {
    const lines: string[] = [];
    const feed = splitLines({ maxBytes: 16, onLine: (line) => lines.push(line), onTooLong: () => {} });
    const bytes = Buffer.from('é\n');
    feed(bytes.subarray(0, 1));
    feed(bytes.subarray(1));
    expect(lines).toEqual(['é']);
  });

  it('passes over a line that is too long, once, and reads on', () => {
    expect(linesOf(['a\n', 'x'.repeat(17), 'y'.repeat(40), '\nb\n'])).toEqual({
      lines: ['a', 'b'],
      tooLong: 1,
    });
  });

  it('keeps nothing of a line that never ends', () => {
    expect(linesOf(Array.from({ length: 1000 }, () => 'x'.repeat(16)))).toEqual({ lines: [], tooLong: 1 });
  });
});
