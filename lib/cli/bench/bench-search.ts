import { Client } from 'pg';
import { DECISION_COLUMNS } from '@/lib/server/decisions/decision-columns';
import { BENCH_END_MS, benchSubject, benchSubjects } from './bench-decision';
import { BENCH_TENANT } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { measureSizes } from './measure-sizes';
import type { LoadedConsole } from './serve-loaded';
import { percentile, type Spread, spreadOf } from './statistics';

const REPETITIONS = 5;
const ASKED = 150;
const OTHERS_ASKED = 25;
/** A server that has just started compiles, folds and sweeps beside its first answers. */
const WARM_UP = 4;

/** What the search page sends, beside one subject's decisions: common, rare, several fields, one with no match at all. */
const OTHERS: [name: string, query: string][] = [
  ['newest first', ''],
  ['an agent', 'agent:sepsis-triage'],
  ['a rare rule', 'rule:embargo'],
  ['a model’s version', 'model:vendor/claude@2026-07-01'],
  ['a guardrail that failed', 'guardrail:injection=fail'],
  ['a reviewer', 'reviewer:per_3'],
  ['two agents and a tool', 'agent:payments-agent agent:claims-agent tool:refund_order'],
  ['rare among common', 'rule:embargo outcome:escalate source:framework'],
  ['no match in common terms', 'agent:sepsis-triage model:vendor/gpt tool:refund_order'],
];

export interface Measured {
  total: number;
  durability: string;
  bare: number[];
  http: number[];
  ratios: number[];
  others: Record<string, number>;
}

const path = (query: string, limit = 100) =>
  `/api/v1/decisions?${new URLSearchParams({ q: query, limit: String(limit) })}`;

/**
 * All decisions of one subject, first page, over HTTP, each time of another subject, beside the bare index query over a
 * connection of its own; then other searches. At every size a subject has about forty decisions.
 */
export async function benchSearch(
  sizes: readonly number[],
  directory: string | undefined,
): Promise<BenchReport> {
  return reportSearch(await measureSizes<Measured>('search', sizes, directory));
}

export function reportSearch(measured: readonly Measured[]): BenchReport {
  const least = measured[0] as Measured;
  const most = measured.at(-1) as Measured;
  const before = measured.length > 1 ? (measured.at(-2) as Measured) : least;
  const growth = spreadOf(most.http.map((ms, n) => ms / (before.http[n] as number)));
  const label = (total: number) => total.toLocaleString('en');
  return {
    name: 'search',
    work: `all decisions of one subject, first page of 100, over HTTP: ${ASKED} subjects a repetition`,
    reference: 'the bare index query over one connection, for as many other subjects in the same run',
    repetitions: REPETITIONS,
    records: measured.reduce((sum, { total }) => sum + total, 0),
    conditions: [
      most.durability,
      describeMachine(),
      'every first page was compared with the bare query’s rows',
      'decisions loaded as appending writes them (a test holds the loader to it), without their records and lineage',
    ],
    notIncluded: ['TLS', 'a network between them', 'the browser'],
    rows: measured.flatMap(({ total, bare, http, others }) => [
      { figure: `subject p95, HTTP, ${label(total)}`, unit: 'ms', spread: spreadOf(http) },
      { figure: `subject p95, bare query, ${label(total)}`, unit: 'ms', spread: spreadOf(bare) },
      ...Object.entries(others).map(([name, ms]) => ({
        figure: `${name}, ${label(total)}`,
        unit: 'ms, median',
        spread: { median: ms, min: ms, max: ms } satisfies Spread,
      })),
    ]),
    ratios: [
      ...measured.map(({ total, ratios }) => {
        const spread = spreadOf(ratios);
        return {
          figure: `p95 ÷ bare query, ${label(total)}`,
          spread,
          goal: '≤ 2.5',
          reached: spread.median <= 2.5,
        };
      }),
      {
        figure: `p95 at ${label(most.total)} ÷ at ${label(before.total)}`,
        spread: growth,
        goal: '≤ 1.5',
        reached: growth.median <= 1.5,
      },
    ],
    points: measured.flatMap(({ total, http, others }) => [
      { series: 'one subject, p95', size: total, value: spreadOf(http).median },
      ...Object.entries(others).map(([series, value]) => ({ series, size: total, value })),
    ]),
  };
}

/** One size. */
export async function measureSearch(served: LoadedConsole): Promise<Measured> {
  const { total } = served;
  const client = new Client({ connectionString: served.appUrl });
  await client.connect();
  const bareQuery = async (subject: string) => {
    const { rows } = await client.query<{ id: string }>({
      name: 'bench-bare',
      text: `SELECT ${DECISION_COLUMNS} FROM decision_subjects s
        JOIN decisions d ON d.tenant = s.tenant AND d.occurred_at = s.occurred_at AND d.id = s.id
       WHERE s.tenant = $1 AND s.token = $2 ORDER BY s.occurred_at DESC, s.id DESC LIMIT 101`,
      values: [BENCH_TENANT, subject],
    });
    return rows.map(({ id }) => id);
  };
  let next = 0;
  const anySubject = () => benchSubject((next++ * 7_919) % benchSubjects(total));
  const measured: Measured = {
    total,
    durability: served.durability,
    bare: [],
    http: [],
    ratios: [],
    others: {},
  };
  try {
    await compare(served, bareQuery, anySubject);
    for (let repetition = -WARM_UP; repetition < REPETITIONS; repetition++) {
      const bare: number[] = [];
      const http: number[] = [];
      for (let n = 0; n < ASKED; n++) {
        bare.push(await timed(() => bareQuery(anySubject())));
        const subject = anySubject();
        http.push(await timed(() => served.get(path(`subject:${subject}`))));
      }
      if (repetition < 0) continue;
      const [bareP95, httpP95] = [percentile(bare, 0.95), percentile(http, 0.95)];
      measured.bare.push(bareP95);
      measured.http.push(httpP95);
      measured.ratios.push(httpP95 / bareP95);
    }
    for (const [name, query] of OTHERS) {
      const times: number[] = [];
      for (let n = 0; n < OTHERS_ASKED; n++) times.push(await timed(() => served.get(path(query))));
      measured.others[name] = percentile(times.slice(5), 0.5);
    }
    const middle = Math.floor((BENCH_END_MS - 45 * 86_400_000) / 86_400_000) * 86_400_000;
    const deep = `before:${new Date(middle).toISOString().slice(0, 10)}`;
    const times: number[] = [];
    for (let n = 0; n < OTHERS_ASKED; n++) times.push(await timed(() => served.get(path(deep))));
    measured.others['from the middle of time'] = percentile(times.slice(5), 0.5);
  } finally {
    await client.end();
  }
  return measured;
}

/** The page holds exactly what the bare query finds. */
async function compare(
  served: LoadedConsole,
  bareQuery: (subject: string) => Promise<string[]>,
  anySubject: () => string,
): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const subject = anySubject();
    const page = JSON.parse((await served.get(path(`subject:${subject}`))).toString()) as {
      rows: { id: string }[];
    };
    const expected = (await bareQuery(subject)).slice(0, 100);
    if (expected.length === 0 || page.rows.map(({ id }) => id).join() !== expected.join())
      throw new Error(`The search for ${subject} found other rows than the index holds.`);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
