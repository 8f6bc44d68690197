import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { DECISION_COLUMNS } from '@/lib/server/decisions/decision-columns';
import { BENCH_DAYS, BENCH_END_MS } from './bench-decision';
import { BENCH_TENANT } from './bench-producer';
import type { BenchReport } from './bench-report';
import { copyOut } from './copy-out';
import { describeMachine } from './describe-machine';
import { measureSizes } from './measure-sizes';
import type { LoadedConsole } from './serve-loaded';
import { spreadOf } from './statistics';

const REPETITIONS = 3;
/** A million, or everything where there is less. */
const MOST_ROWS = 1_000_000;
const DAY_MS = 86_400_000;
const FORMATS = ['ndjson', 'csv'] as const;

export interface Measured {
  total: number;
  rows: number;
  durability: string;
  /** Rows a second of each repetition. */
  rates: Record<(typeof FORMATS)[number] | 'copy', number[]>;
  /** Megabytes that the server's memory grew by between a tenth and the end of the longest export. */
  grownMb: number | null;
}

/** Everything of a stretch of time as NDJSON and CSV over HTTP, beside COPY of the same columns in the same order. */
export async function benchExport(
  sizes: readonly number[],
  directory: string | undefined,
): Promise<BenchReport> {
  return reportExport(await measureSizes<Measured>('export', sizes, directory));
}

export function reportExport(measured: readonly Measured[]): BenchReport {
  const most = measured.at(-1) as Measured;
  const label = (n: number) => n.toLocaleString('en');
  return {
    name: 'export',
    work: 'the newest decisions, a million or all there are, streamed over HTTP as NDJSON and as CSV',
    reference: 'COPY … TO STDOUT of the same columns of the same rows in the same order',
    repetitions: REPETITIONS,
    records: measured.reduce((sum, { rows }) => sum + rows, 0),
    conditions: [
      most.durability,
      describeMachine(),
      'every export held as many rows as COPY gave',
      ...measured.map(
        ({ total, rows, grownMb }) =>
          `${label(rows)} of ${label(total)}: the server's memory grew by ${grownMb === null ? 'an unknown amount' : `${Math.round(grownMb)} MB`} between the first tenth and the end`,
      ),
    ],
    notIncluded: ['TLS', 'a network between them', 'writing the file'],
    rows: measured.flatMap(({ total, rates }) =>
      (['ndjson', 'csv', 'copy'] as const).map((what) => ({
        figure: `${what === 'copy' ? 'COPY' : what.toUpperCase()}, ${label(total)}`,
        unit: 'rows/s',
        spread: spreadOf(rates[what]),
      })),
    ),
    ratios: measured.flatMap(({ total, rates }) =>
      FORMATS.map((format) => {
        const spread = spreadOf(rates.copy.map((rate, n) => rate / (rates[format][n] as number)));
        return {
          figure: `${format.toUpperCase()} takes, of COPY, ${label(total)}`,
          spread,
          goal: '≤ 4 times',
          reached: spread.median <= 4,
        };
      }),
    ),
    points: measured.flatMap(({ total, rates }) =>
      FORMATS.map((format) => ({
        series: `export ${format}, µs a row`,
        size: total,
        value: 1e6 / spreadOf(rates[format]).median,
      })),
    ),
  };
}

/** One size. */
export async function measureExport(served: LoadedConsole): Promise<Measured> {
  const days = Math.max(1, Math.min(BENCH_DAYS, Math.floor((MOST_ROWS / served.total) * BENCH_DAYS)));
  const after = new Date(BENCH_END_MS - days * DAY_MS).toISOString().slice(0, 10);
  const client = new Client({ connectionString: served.appUrl });
  await client.connect();
  const measured: Measured = {
    total: served.total,
    rows: 0,
    durability: served.durability,
    rates: { ndjson: [], csv: [], copy: [] },
    grownMb: null,
  };
  try {
    await client.query('SET statement_timeout = 0');
    const where = `d.tenant = '${BENCH_TENANT}' AND d.occurred_at >= '${after}T00:00:00Z'`;
    const counted = await client.query<{ n: string }>(`SELECT count(*) AS n FROM decisions d WHERE ${where}`);
    measured.rows = Number(counted.rows[0]?.n);
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const start = performance.now();
      await copyOut(
        client,
        `SELECT ${DECISION_COLUMNS} FROM decisions d WHERE ${where} ORDER BY d.occurred_at DESC, d.id DESC`,
      );
      measured.rates.copy.push((measured.rows * 1_000) / (performance.now() - start));
      for (const format of FORMATS) {
        const { seconds, grownMb } = await take(served, after, format, measured.rows);
        measured.rates[format].push(measured.rows / seconds);
        if (grownMb !== null) measured.grownMb = Math.max(measured.grownMb ?? 0, grownMb);
      }
    }
  } finally {
    await client.end();
  }
  return measured;
}

async function take(
  served: LoadedConsole,
  after: string,
  format: (typeof FORMATS)[number],
  rows: number,
): Promise<{ seconds: number; grownMb: number | null }> {
  const start = performance.now();
  let lines = 0;
  let early: number | null = null;
  let most: number | null = null;
  let told = 0;
  await served.stream(
    `/api/v1/decisions/export?${new URLSearchParams({ q: `after:${after}`, format })}`,
    (piece) => {
      for (const byte of piece) if (byte === 10) lines += 1;
      if (lines - told < 20_000) return;
      told = lines;
      const held = residentMb(served.serverPid);
      if (lines >= rows / 10) early ??= held;
      if (held !== null) most = Math.max(most ?? 0, held);
    },
  );
  if (lines !== rows + 1) throw new Error(`The ${format} export held ${lines - 1} rows of ${rows}.`);
  const grownMb = early === null || most === null ? null : most - early;
  return { seconds: (performance.now() - start) / 1_000, grownMb };
}

function residentMb(pid: number | undefined): number | null {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) / 1_024 : null;
  } catch {
    return null;
  }
}
