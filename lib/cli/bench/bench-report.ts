import type { Spread } from './statistics';

/** What one benchmark prints, as a table and as JSON. */
export interface BenchReport {
  name: string;
  /** What one figure counts. */
  work: string;
  reference: string;
  repetitions: number;
  records: number;
  conditions: string[];
  notIncluded: string[];
  rows: { figure: string; unit: string; spread: Spread }[];
  /** Figures of which one number decides; `goal` in words. */
  ratios: { figure: string; spread: Spread; goal: string; reached: boolean }[];
  /** Figures by size, for a plot. */
  points?: { series: string; size: number; value: number }[];
}

/** The report as lines for people. */
export function formatReport(report: BenchReport): string {
  const rows = report.rows.map(({ figure, unit, spread }) => [figure, formatSpread(spread), unit]);
  const ratios = report.ratios.map(({ figure, spread, goal, reached }) => [
    figure,
    formatSpread(spread),
    `${goal}: ${reached ? 'reached' : 'not reached'}`,
  ]);
  const table = [['', 'median (min–max)', ''], ...rows, ...ratios];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map(([first = '', second = '', third = '']) =>
    `  ${first.padEnd(widths[0] ?? 0)}  ${second.padEnd(widths[1] ?? 0)}  ${third}`.trimEnd(),
  );
  return [
    `bench ${report.name}: ${report.work}`,
    `reference: ${report.reference}`,
    `${report.repetitions} repetitions, ${report.records.toLocaleString('en')} records in all`,
    ...lines,
    ...report.conditions.map((condition) => `  · ${condition}`),
    `  · not included: ${report.notIncluded.join('; ')}`,
  ].join('\n');
}

function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}

function formatNumber(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
