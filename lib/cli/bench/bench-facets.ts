import { Client } from 'pg';
import type { SearchSummary } from '@/lib/decisions/decision-view';
import { BENCH_DAYS, BENCH_START_MS } from './bench-decision';
import { BENCH_TENANT } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { measureSizes } from './measure-sizes';
import type { LoadedConsole } from './serve-loaded';
import { percentile, spreadOf } from './statistics';

const REPETITIONS = 5;
const ASKED = 12;

const from = new Date(BENCH_START_MS).toISOString().slice(0, 10);
/** Summaries beside the list, and the insights page; each over the whole quarter. */
const ASKS: [name: string, path: string][] = [
  ['facets and histogram', summaryPath(`after:${from}`)],
  ['facets of refusals by an agent', summaryPath(`agent:payments-agent outcome:refuse after:${from}`)],
  ['insights, 90 days', `/api/v1/insights?days=${BENCH_DAYS}`],
];

function summaryPath(query: string): string {
  return `/api/v1/decisions/summary?${new URLSearchParams({ q: query })}`;
}

export interface Measured {
  total: number;
  durability: string;
  /** Median milliseconds of each repetition, by what was asked. */
  times: Record<string, number[]>;
}

/** Counts beside the list and on the insights page over a quarter, at each size; equal to what counting every row gives. */
export async function benchFacets(
  sizes: readonly number[],
  directory: string | undefined,
): Promise<BenchReport> {
  return reportFacets(await measureSizes<Measured>('facets', sizes, directory));
}

export function reportFacets(measured: readonly Measured[]): BenchReport {
  const least = measured[0] as Measured;
  const most = measured.at(-1) as Measured;
  const label = (total: number) => total.toLocaleString('en');
  const timesOf = ({ times }: Measured, name: string) => times[name] ?? [];
  return {
    name: 'facets',
    work: `facet counts, histogram and insights over ${BENCH_DAYS} days, over HTTP; ${ASKED} requests a repetition`,
    reference: `the same at ${label(least.total)} decisions`,
    repetitions: REPETITIONS,
    records: measured.reduce((sum, { total }) => sum + total, 0),
    conditions: [
      most.durability,
      describeMachine(),
      'total, every facet and every bar of the histogram were compared with a count over all rows, at each size',
    ],
    notIncluded: ['TLS', 'a network between them', 'the browser'],
    rows: measured.flatMap((each) =>
      ASKS.map(([name]) => ({
        figure: `${name}, ${label(each.total)}`,
        unit: 'ms',
        spread: spreadOf(timesOf(each, name)),
      })),
    ),
    ratios: ASKS.map(([name]) => {
      const spread = spreadOf(timesOf(most, name).map((ms, n) => ms / (timesOf(least, name)[n] as number)));
      return {
        figure: `${name}, ${label(most.total)} ÷ ${label(least.total)}`,
        spread,
        goal: '≤ 2',
        reached: spread.median <= 2,
      };
    }),
    points: measured.flatMap((each) =>
      ASKS.map(([name]) => ({ series: name, size: each.total, value: spreadOf(timesOf(each, name)).median })),
    ),
  };
}

/** One size. */
export async function measureFacets(served: LoadedConsole): Promise<Measured> {
  for (const [, path] of ASKS.slice(0, 2)) await compare(served, path);
  const times: Record<string, number[]> = {};
  for (const [name, path] of ASKS) {
    const medians: number[] = [];
    for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
      const each: number[] = [];
      for (let n = 0; n < ASKED; n++) {
        const start = performance.now();
        await served.get(path);
        each.push(performance.now() - start);
      }
      // The first round warms the server up.
      if (repetition > 0) medians.push(percentile(each, 0.5));
    }
    times[name] = medians;
  }
  return { total: served.total, durability: served.durability, times };
}

/** Every count of the answer against a count over all rows. @throws Error where they differ */
async function compare(served: LoadedConsole, path: string): Promise<void> {
  const summary = JSON.parse((await served.get(path)).toString()) as SearchSummary;
  const isRefusals = path.includes('refuse');
  const client = new Client({ connectionString: served.appUrl });
  await client.connect();
  try {
    await client.query('SET statement_timeout = 0');
    const counted = await client.query<{ tool: string; day: string; n: string }>(
      `SELECT tool, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*) AS n FROM decisions
        WHERE tenant = $1 ${isRefusals ? `AND agent = 'payments-agent' AND verdict = 'refuse'` : ''} GROUP BY 1, 2`,
      [BENCH_TENANT],
    );
    const sum = (rows: typeof counted.rows) => rows.reduce((all, { n }) => all + Number(n), 0);
    const expect = (what: string, given: number | undefined, exact: number) => {
      if (given !== exact) throw new Error(`${what}: the summary says ${given}, there are ${exact}.`);
    };
    expect('total', summary.total.kind === 'exact' ? summary.total.n : undefined, sum(counted.rows));
    const tools = new Map(
      summary.facets?.find(({ facet }) => facet === 'tool')?.values.map(({ value, n }) => [value, n]),
    );
    for (const tool of new Set(counted.rows.map((row) => row.tool)))
      expect(`tool ${tool}`, tools.get(tool), sum(counted.rows.filter((row) => row.tool === tool)));
    for (const { from: start, allow, refuse, escalate, defer } of summary.histogram ?? []) {
      const rows = counted.rows.filter(({ day }) => day === start.slice(0, 10));
      expect(`day ${start}`, allow + refuse + escalate + defer, sum(rows));
    }
  } finally {
    await client.end();
  }
}
