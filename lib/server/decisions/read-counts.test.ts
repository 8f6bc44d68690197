import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { CONTROLS, OUTCOMES, type OutcomeVerdict, SOURCES } from '@/lib/decisions/record-payload';
import { parseSearchQuery, type SearchQuery, valuesOf, windowOf } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import { newId } from '../random';
import { foldDueDays } from '../records/fold-days';
import { ingestRecords } from '../records/ingest';
import { rebuildProjections } from '../records/rebuild';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant, testDecisionBody } from '../testing/test-producer';
import { countsStatement, readCounts } from './read-counts';
import { wholeDays } from './rollup-source';
import { summariseSearch } from './summarise-search';

const console = await startTestConsole();
const DAY_MS = 86_400_000;
const BASE_MS = Date.UTC(2026, 5, 1);
const DAYS = 12;
const FACETS = ['outcome', 'agent', 'tool', 'control', 'rule', 'source'] as const;
const COLUMNS = {
  outcome: 'verdict',
  agent: 'agent',
  tool: 'tool',
  control: 'control',
  rule: 'rule',
  source: 'source',
};

interface Row extends Record<string, unknown> {
  tenant: string;
  occurred_at: Date;
  verdict: OutcomeVerdict;
}

/** The same numbers in every run; unrelated ones, so that combinations are many. */
let state = 7;
const random = (below: number) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >>> 8) % below;
};
const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;

for (const tenant of ['north', 'south']) await createTestTenant(tenant);
const producers = [
  await createTestProducer('north'),
  await createTestProducer('north'),
  await createTestProducer('south'),
];

async function decide(atMs: readonly number[]): Promise<void> {
  for (const producer of producers) {
    const records = atMs.map((at) => {
      const body = testDecisionBody() as {
        identity: { agent: Record<string, unknown> };
        output: { action: Record<string, unknown>; outcome: unknown };
      };
      const verdict = pick(OUTCOMES);
      const stopped =
        verdict === 'allow' ? {} : { control: pick(CONTROLS), rule: pick(['cap', 'night hours']) };
      body.identity.agent.id = pick(['shopper', 'triage', 'payments']);
      body.output.action.name = pick(['pay', 'order.create', 'refund']);
      body.output.outcome = { verdict, source: pick(SOURCES), reason_code: 'test', ...stopped };
      return producer.record({ id: newId('dec', at), occurred_at: formatInstant(at), body });
    });
    const results = await ingestRecords(null, records);
    expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
  }
}

/** Every day that ended two days before day `day` of the sample began, as if nothing had come for a while. */
const foldUpTo = (day: number) => {
  const nowMs = BASE_MS + day * DAY_MS;
  return foldDueDays({ nowMs, quietMs: nowMs - Date.now() - 1 });
};

async function listFolded(): Promise<number> {
  const { rows } = await getPool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM rollup_folds f WHERE tenant = 'north'
        AND NOT EXISTS (SELECT 1 FROM rollup_late l WHERE l.tenant = f.tenant AND l.day = f.day)`,
  );
  return rows[0]?.n ?? 0;
}

let rows: Row[] = [];
async function readRows(): Promise<void> {
  rows = (
    await getPool().query<Row>(
      'SELECT tenant, occurred_at, agent, tool, control, rule, source, verdict FROM decisions',
    )
  ).rows;
}

function parse(text: string): SearchQuery {
  const parsed = parseSearchQuery(text);
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.value;
}

/** Decisions that a search finds, one facet's own terms left out. */
function matching(tenant: string, query: SearchQuery, except: string | null = null): Row[] {
  const { afterMs = 0, beforeMs = Number.POSITIVE_INFINITY } = windowOf(query);
  return rows.filter(
    (row) =>
      row.tenant === tenant &&
      row.occurred_at.getTime() >= afterMs &&
      row.occurred_at.getTime() < beforeMs &&
      FACETS.every((facet) => {
        const values = facet === except ? [] : valuesOf(query, facet);
        return values.length === 0 || values.includes(String(row[COLUMNS[facet]]));
      }),
  );
}

function tally(values: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) if (value !== null) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

const PARTS = 'after:2026-06-02T05:00:00.000Z before:2026-06-10T07:00:00.000Z';
const SEARCHES = [
  '',
  'agent:triage',
  'agent:triage agent:shopper',
  'tool:order.create',
  'tool:pay tool:refund',
  'control:budget',
  'control:budget control:threshold',
  'rule:cap',
  'rule:cap rule:"night hours"',
  'source:framework',
  'source:framework source:gateway',
  'outcome:refuse',
  'outcome:refuse outcome:defer',
  'outcome:escalate agent:payments',
  'outcome:allow outcome:refuse tool:pay tool:refund',
  'outcome:refuse control:grant',
  'agent:triage tool:pay',
  'agent:triage agent:payments tool:pay outcome:refuse',
  'agent:shopper rule:cap source:gateway',
  'agent:nobody',
  PARTS,
  `agent:triage outcome:refuse ${PARTS}`,
  `agent:triage tool:pay ${PARTS}`,
  'after:2026-06-03 before:2026-06-11',
  'tool:pay after:2026-06-03',
  'tool:pay before:2026-06-09T13:00:00.000Z',
  'agent:triage after:2026-06-04T05:00:00.000Z before:2026-06-04T19:00:00.000Z',
  'agent:triage after:2026-06-04 before:2026-06-06',
];

/** States that the days of the sample pass through, in this order. */
const STATES: [name: string, reach: () => Promise<unknown>, folded: number][] = [
  ['no day folded', async () => {}, 0],
  ['days up to the middle folded', () => foldUpTo(8), 7],
  ['decisions came late into folded days', () => decide([3.2, 3.9, 5.5].map((d) => BASE_MS + d * DAY_MS)), 5],
  ['late days folded again, and the others', () => foldUpTo(60), DAYS],
  ['made again from the records', () => rebuildProjections(), DAYS],
];

beforeAll(async () => {
  const count = 240;
  await decide(
    Array.from(
      { length: count },
      (_, i) => BASE_MS + Math.floor(((i + random(100) / 100) * DAYS * DAY_MS) / count),
    ),
  );
});

describe.each(STATES)('with %s', (_name, reach, folded) => {
  beforeAll(async () => {
    await reach();
    await readRows();
  });

  test('as many days are read as folded', async () => {
    expect(await listFolded()).toBe(folded);
  });

  test.each(SEARCHES)('"%s" is counted as by looking at every decision', async (text) => {
    for (const tenant of text === '' ? ['north', 'south'] : ['north']) {
      const query = parse(text);
      const found = matching(tenant, query);
      if (text !== 'agent:nobody') expect(found.length).toBeGreaterThan(0);
      const summary = await summariseSearch(tenant, query);
      expect(summary.total).toEqual({ kind: 'exact', n: found.length });
      for (const facet of FACETS) {
        const counted = summary.facets?.find((each) => each.facet === facet)?.values ?? [];
        expect(Object.fromEntries(counted.map(({ value, n }) => [value, n])), facet).toEqual(
          tally(matching(tenant, query, facet).map((row) => row[COLUMNS[facet]])),
        );
      }
      const buckets = summary.histogram ?? [];
      for (const { from, to, ...counts } of buckets) {
        const then = found.filter(
          ({ occurred_at: at }) => at.getTime() >= Date.parse(from) && at.getTime() < Date.parse(to),
        );
        expect(counts, from).toEqual({
          ...{ allow: 0, refuse: 0, escalate: 0, defer: 0 },
          ...tally(then.map(({ verdict }) => verdict)),
        });
      }
      expect(buckets.reduce((n, b) => n + b.allow + b.refuse + b.escalate + b.defer, 0)).toBe(found.length);
    }
  });

  test.each<[of: string, given: { agent?: string[]; source?: string[] }]>([
    ['', {}],
    ['of an agent', { agent: ['triage'] }],
    ['of two sources', { source: [...SOURCES] }],
  ])('rules by control %s, day by day', async (_of, given) => {
    const window = wholeDays(BASE_MS + DAY_MS, BASE_MS + 11 * DAY_MS);
    const counts = await readCounts({
      tenant: 'north',
      window,
      given,
      by: 'control',
      dims: ['rule'],
      timed: ['rule'],
    });
    const within = matching('north', parse('after:2026-06-02 before:2026-06-12')).filter(
      ({ agent }) => given.agent === undefined || given.agent.includes(String(agent)),
    );
    const name = (day: number, ...rest: unknown[]) => [day, ...rest.map((each) => each ?? '')].join(' ');
    expect(
      Object.fromEntries(
        counts.map(({ atMs, by, value, verdict, n }) => [name(atMs ?? 0, by, value, verdict), n]),
      ),
    ).toEqual(
      tally(
        within.map(({ occurred_at, control, rule, verdict }) =>
          name(Math.floor(occurred_at.getTime() / DAY_MS) * DAY_MS, control, rule, verdict),
        ),
      ),
    );
  });
});

describe('a folded quarter with many combinations', () => {
  interface Plan {
    'Node Type': string;
    'Index Name'?: string;
    'Relation Name'?: string;
    'Actual Rows': number;
    'Actual Loops': number;
    'Rows Removed by Filter'?: number;
    Plans?: Plan[];
  }
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  const QUARTER = 90;
  const A_DAY = 500;

  beforeAll(async () => {
    await console.owner.query(
      `INSERT INTO rollup_days (tenant, day, stream, agent, tool, control, rule, source, verdict, n)
       SELECT 'big', $1::timestamptz + d * interval '1 day', 's' || i % 5, 'a' || i % 5, 't' || i % 7, 'c' || i % 3,
         'r' || i % 11, 'x' || i % 2, 'refuse', 1 FROM generate_series(0, ${QUARTER - 1}) d, generate_series(1, ${A_DAY}) i`,
      [new Date(BASE_MS)],
    );
    expect(await foldUpTo(QUARTER + 1)).toBe(QUARTER);
    await console.owner.query('ANALYZE rollup_days, rollup_pairs, rollup_folds, rollup_late');
  });
  afterAll(() => console.owner.query(`DELETE FROM rollup_days WHERE tenant = 'big'`));

  const window = wholeDays(BASE_MS, BASE_MS + QUARTER * DAY_MS);
  test.each([
    ['nothing given', {}, ['', 'agent', 'tool', 'control', 'rule', 'source'], undefined],
    ['an agent', { agent: ['a1'] }, ['', 'tool', 'control', 'rule', 'source'], undefined],
    ['two tools', { tool: ['t1', 't2'] }, ['', 'agent', 'control', 'rule', 'source'], undefined],
    ['rules by control', {}, ['rule'], 'control'],
  ] as const)(
    '%s: read from the pairs by their key, and nothing else but which days there are',
    async (_of, given, dims, by) => {
      const statement = countsStatement({
        tenant: 'big',
        window,
        given,
        dims,
        timed: [''],
        ...(by ? { by } : {}),
      });
      const result = await getPool().query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
        statement.values,
      );
      const root = result.rows[0]?.['QUERY PLAN'][0].Plan;
      if (!root) throw new Error('no plan');
      const all = nodes(root);
      const looked = (relation: RegExp) =>
        all
          .filter((node) => relation.test(node['Relation Name'] ?? ''))
          .reduce(
            (n, node) =>
              n + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
            0,
          );
      expect(all.map((node) => node['Index Name'] ?? '')).toContain('rollup_pairs_pkey');
      const scans = all
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .map((node) => node['Relation Name']);
      expect(scans).not.toContain('rollup_pairs');
      expect(scans).not.toContain('rollup_days');
      // One row a day to step on (of many loops PostgreSQL tells a rounded mean); the rest of it is not looked at.
      expect(looked(/^rollup_days$/)).toBeLessThan(QUARTER + 1);
      const counted = await getPool().query<{ n: number }>(
        `SELECT count(*)::int AS n FROM rollup_pairs WHERE tenant = 'big' AND by_dim = $1 AND dim = ANY($2)
          AND ($3::text[] IS NULL OR by_value = ANY($3))`,
        [by ?? Object.keys(given)[0] ?? '', dims, Object.values(given)[0] ?? null],
      );
      expect(looked(/^rollup_pairs$/)).toBe(counted.rows[0]?.n);
      expect(counted.rows[0]?.n).toBeLessThan((QUARTER * A_DAY) / 5);
      const sums = await readCounts({ tenant: 'big', window, given, dims, ...(by ? { by } : {}) });
      const total = sums.filter(({ dim }) => dim === dims[0]).reduce((n, count) => n + count.n, 0);
      const exact = await getPool().query<{ n: number }>(
        `SELECT sum(n)::bigint AS n FROM rollup_days WHERE tenant = 'big' AND ($1::text IS NULL OR agent = $1)
          AND ($2::text[] IS NULL OR tool = ANY($2))`,
        ['agent' in given ? given.agent[0] : null, 'tool' in given ? given.tool : null],
      );
      expect(total).toBe(exact.rows[0]?.n);
    },
  );
});
