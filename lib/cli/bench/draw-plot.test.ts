import { expect, test } from 'vitest';
import { drawPlot } from './draw-plot';

const sizes = [100_000, 1_000_000, 10_000_000];
const flat = sizes.map((size) => ({ series: 'flat <b>', size, value: 4 }));
const growing = sizes.map((size, n) => ({ series: 'growing', size, value: 4 * 10 ** n }));

test('what does not grow lies flat, what grows rises, and every line is named once as text', () => {
  const svg = drawPlot([...flat, ...growing]);
  const [first, second] = [...svg.matchAll(/points="([^"]+)"/g)].map((match) =>
    (match[1] ?? '').split(' ').map((pair) => Number(pair.split(',')[1])),
  );
  expect(new Set(first).size).toBe(1);
  expect(second?.[0]).toBe(first?.[0]);
  expect(second?.[2]).toBeLessThan(second?.[1] as number);
  expect(svg).toContain('flat &lt;b&gt; · 4.0');
  expect(svg.match(/growing · 400/g)).toHaveLength(1);
  expect(svg).toContain('10 million');
});

test('names of lines that end together do not lie on each other', () => {
  const points = ['a', 'b', 'c'].flatMap((series) => sizes.map((size) => ({ series, size, value: 7 })));
  const heights = [...drawPlot(points).matchAll(/y="([\d.]+)" fill="#[0-9a-f]{6}">/g)].map((match) =>
    Number(match[1]),
  );
  expect(heights).toHaveLength(3);
  for (const [n, y] of heights.entries())
    if (n > 0) expect(y - (heights[n - 1] as number)).toBeGreaterThanOrEqual(15);
});
