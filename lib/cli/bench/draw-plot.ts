import { readFileSync, writeFileSync } from 'node:fs';
import type { BenchReport } from './bench-report';

type Point = NonNullable<BenchReport['points']>[number];

const WIDTH = 860;
const HEIGHT = 420;
const BOX = { left: 58, top: 40, right: 330, bottom: 44 };
/** Of the console's chart colours; each line also has its own words at its end. */
const COLOURS = ['#3f5bd9', '#0f766e', '#7c3aed', '#b45309', '#475569', '#0369a1', '#86198f', '#4d7c0f'];
const LEAST_GAP_PX = 15;

const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const log = Math.log10;
const place = (value: number, from: number, to: number, start: number, length: number) =>
  start + ((log(value) - log(from)) / (log(to) - log(from))) * length;
const label = (n: number) => (n >= 1e6 ? `${n / 1e6} million` : n.toLocaleString('en'));

/** Milliseconds by number of decisions, both logarithmic, each line named at its end. What does not grow lies flat. */
export function drawPlot(points: readonly Point[]): string {
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const values = points.map(({ value }) => value);
  const least = 10 ** Math.floor(log(Math.min(...values)));
  const most = 10 ** Math.ceil(log(Math.max(...values)));
  const plotWidth = WIDTH - BOX.left - BOX.right;
  const plotHeight = HEIGHT - BOX.top - BOX.bottom;
  const x = (size: number) =>
    sizes.length < 2
      ? BOX.left
      : place(size, sizes[0] as number, sizes.at(-1) as number, BOX.left, plotWidth);
  const y = (value: number) => place(value, most, least, BOX.top, plotHeight);
  const lines = [...new Set(points.map(({ series }) => series))].map((series, n) => {
    const own = points.filter((point) => point.series === series).sort((a, b) => a.size - b.size);
    return {
      series,
      own,
      colour: COLOURS[n % COLOURS.length] as string,
      endY: y(own.at(-1)?.value ?? least),
    };
  });
  const ends = spreadOut(lines.map(({ endY }) => endY));
  const grid = [];
  for (let value = least; value <= most; value *= 10) {
    grid.push(
      `<line x1="${BOX.left}" x2="${BOX.left + plotWidth}" y1="${y(value)}" y2="${y(value)}" stroke="#d6d9e0"/>`,
      `<text x="${BOX.left - 8}" y="${y(value) + 4}" text-anchor="end">${value.toLocaleString('en')}</text>`,
    );
  }
  const axis = sizes.map(
    (size) =>
      `<text x="${x(size)}" y="${HEIGHT - BOX.bottom + 20}" text-anchor="middle">${label(size)}</text>`,
  );
  const drawn = lines.map(({ series, own, colour, endY }, n) => {
    const path = own.map(({ size, value }) => `${x(size).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const dots = own
      .map(
        ({ size, value }) =>
          `<circle cx="${x(size).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`,
      )
      .join('');
    const end = ends[n] as number;
    const right = BOX.left + plotWidth;
    const last = own.at(-1)?.value ?? 0;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}<line x1="${right + 5}" y1="${endY.toFixed(1)}" x2="${right + 16}" y2="${end.toFixed(1)}" stroke="${colour}"/><text x="${right + 20}" y="${(end + 4).toFixed(1)}" fill="${colour}">${escapeText(series)} · ${last >= 100 ? Math.round(last) : last.toFixed(1)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#3b4252" role="img" aria-label="Milliseconds of searches and counts by number of decisions">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${BOX.left}" y="20" font-size="13" font-weight="600">Milliseconds over HTTP by number of decisions (both logarithmic)</text>
${[...grid, ...axis, ...drawn].join('\n')}
</svg>
`;
}

/** Places on one line, each as near as it can be to where it belongs and none on another. */
function spreadOut(wanted: readonly number[]): number[] {
  const order = wanted.map((at, n) => ({ at, n })).sort((a, b) => a.at - b.at);
  let last = Number.NEGATIVE_INFINITY;
  for (const each of order) {
    each.at = Math.max(each.at, last + LEAST_GAP_PX);
    last = each.at;
  }
  const over = Math.max(0, last - (HEIGHT - BOX.bottom));
  const places: number[] = [];
  for (const { at, n } of order) places[n] = at - over;
  return places;
}

/**
 * `countersign bench plot <out.svg> <report.json>…`: the points of reports that `bench search` and `bench facets` printed,
 * each file's last line being its JSON.
 */
export function plotCommand([out, ...files]: readonly string[]): void {
  if (!out) throw new Error('plot: no file to write');
  const points = files.flatMap((file) => {
    const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    return (JSON.parse(last) as BenchReport).points ?? [];
  });
  writeFileSync(out, drawPlot(points));
}
