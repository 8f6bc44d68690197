import { describe, expect, test } from 'vitest';
import { DETAIL_FACETS, type DetailFacet } from '@/lib/decisions/decision-view';
import { CONTROLS, OUTCOMES, SOURCES, TIERS } from '@/lib/decisions/record-payload';
import { parseSearchCursor } from '@/lib/decisions/search-cursor';
import { formatVersioned } from '@/lib/decisions/search-names';
import { parseSearchQuery, type SearchQuery } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';
import { startTestConsole } from '../testing/test-console';
import { exportDecisions } from './export-decisions';
import { planPage, searchDecisions } from './search-decisions';
import { WALK_ROWS } from './search-plan';
import { COUNT_LIMIT, DETAIL_LIMIT, isCountedByRollups, summariseSearch } from './summarise-search';

const console = await startTestConsole();
const BASE_MS = Date.UTC(2026, 5, 1);
const subjects = Array.from({ length: 5 }, (_, i) => `tok_${String(i).padStart(32, '0')}`);

interface Seed {
  id: string;
  atMs: number;
  agent: string;
  tool: string;
  verdict: (typeof OUTCOMES)[number];
  source: (typeof SOURCES)[number];
  tier: (typeof TIERS)[number];
  control: string | null;
  rule: string | null;
  trace: string;
  model: string;
  version: string;
  prompt: string;
  policy: string;
  guardrail: string;
  reviewer: string;
  made: string;
  subject: string;
}

function pick<T>(values: readonly T[], n: number): T {
  return values[n % values.length] as T;
}

/** Deterministic and unevenly mixed; several decisions share a millisecond. */
function seed(i: number): Seed {
  const r = (i * 2654435761) >>> 3;
  const verdict = r % 3 === 0 ? pick(OUTCOMES, r >> 4) : 'allow';
  return {
    id: `dec_${String((i * 7919) % 100_003).padStart(6, '0')}`,
    atMs: BASE_MS + Math.floor(i / 3) * 1_234_567,
    agent: pick(['shopper', 'triage', 'payments'], r >> 2),
    tool: pick(['pay', 'order.create', 'refund'], r >> 5),
    verdict,
    source: pick(SOURCES, r >> 6),
    tier: pick(TIERS, r >> 7),
    control: verdict === 'allow' ? null : pick(CONTROLS, r >> 8),
    rule: verdict === 'allow' ? null : pick(['first time merchant', 'cap'], r >> 9),
    trace: String(r % 40).padStart(32, '0'),
    model: pick(['north', 'south'], r >> 10),
    version: pick(['1', '2', '2026-10-01'], r >> 13),
    prompt: pick(['greet', 'pay@home'], r >> 3),
    policy: pick(['p1', 'p2'], r >> 11),
    guardrail: pick(['pass', 'pass', 'fail', 'error'], r >> 14),
    reviewer: pick(['per_1', 'per_2'], r >> 15),
    made: `pay_${r % 60}`,
    subject: pick(subjects, r >> 12),
  };
}

const seeds = Array.from({ length: 500 }, (_, i) => seed(i));
const newestFirst = (a: Seed, b: Seed) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1);

async function insert(tenant: string, rows: readonly Seed[]): Promise<void> {
  const column = <K extends keyof Seed>(key: K) => rows.map((row) => row[key]);
  const times = rows.map(({ atMs }) => new Date(atMs));
  const columns = [
    times,
    ...(
      [
        'id',
        'agent',
        'tool',
        'tier',
        'verdict',
        'source',
        'control',
        'rule',
        'trace',
        'model',
        'version',
        'prompt',
        'policy',
        'guardrail',
        'reviewer',
        'made',
      ] as const
    ).map(column),
  ];
  await getPool().query(
    `INSERT INTO decisions (tenant, occurred_at, id, stream, position, agent, tool, tier, verdict, source, control, rule,
       trace_id, model, model_version, prompt, prompt_version, policy_id, policy_version, guardrails)
     SELECT $1, t, id, 'spiffe://t.example/' || $1, n, agent, tool, tier, verdict, source, control, rule, trace, model, version,
       prompt, version, policy, version, E'\nscreen=pass\npii scan=' || guardrail || E'\n'
     FROM unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[])
       WITH ORDINALITY AS u(t, id, agent, tool, tier, verdict, source, control, rule, trace, model, version, prompt, policy,
         guardrail, reviewer, made, n)`,
    [tenant, ...columns],
  );
  await getPool().query(
    `INSERT INTO decision_marks (tenant, kind, value, occurred_at, id)
     SELECT $1, m.kind, m.value, t, id FROM unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS u(t, id, guardrail, reviewer, made),
       LATERAL (VALUES ('guardrail', 'pii scan=' || guardrail), ('guardrail', '*=' || guardrail), ('reviewer', reviewer),
         ('downstream', made)) AS m(kind, value) WHERE m.value NOT LIKE '%=pass'`,
    [tenant, times, column('id'), column('guardrail'), column('reviewer'), column('made')],
  );
  await getPool().query(
    `INSERT INTO decision_subjects (tenant, token, occurred_at, id, type)
     SELECT $1, token, t, id, 'customer' FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS u(token, t, id)`,
    [tenant, column('subject'), times, column('id')],
  );
  await getPool().query(
    `INSERT INTO rollups (tenant, hour, stream, agent, tool, control, rule, source, verdict, n)
     SELECT tenant, date_trunc('hour', occurred_at, 'UTC'), stream, agent, tool, COALESCE(control, ''), COALESCE(rule, ''),
       source, verdict, count(*) FROM decisions WHERE tenant = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
     ON CONFLICT (tenant, hour, stream, agent, tool, control, rule, source, verdict) DO UPDATE SET n = EXCLUDED.n`,
    [tenant],
  );
  await getPool().query(
    `INSERT INTO rollup_days (tenant, day, stream, agent, tool, control, rule, source, verdict, n)
     SELECT tenant, date_trunc('day', hour, 'UTC'), stream, agent, tool, control, rule, source, verdict, sum(n)
       FROM rollups WHERE tenant = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
     ON CONFLICT (tenant, day, stream, agent, tool, control, rule, source, verdict) DO UPDATE SET n = EXCLUDED.n`,
    [tenant],
  );
}

await insert('north', seeds);
await insert('south', seeds.slice(0, 10));

function query(text: string): SearchQuery {
  const parsed = parseSearchQuery(text);
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.value;
}

const searches: [string, (row: Seed) => boolean][] = [
  ['', () => true],
  [`subject:${subjects[2]}`, (row) => row.subject === subjects[2]],
  ['agent:triage', (row) => row.agent === 'triage'],
  ['agent:triage agent:shopper', (row) => row.agent !== 'payments'],
  ['tool:order.create', (row) => row.tool === 'order.create'],
  ['outcome:refuse', (row) => row.verdict === 'refuse'],
  ['outcome:escalate outcome:defer', (row) => row.verdict === 'escalate' || row.verdict === 'defer'],
  ['outcome:allow', (row) => row.verdict === 'allow'],
  ['source:framework', (row) => row.source === 'framework'],
  ['control:budget', (row) => row.control === 'budget'],
  ['rule:"first time merchant"', (row) => row.rule === 'first time merchant'],
  ['tier:bounded', (row) => row.tier === 'bounded'],
  ['model:south', (row) => row.model === 'south'],
  ['policy:p2', (row) => row.policy === 'p2'],
  [
    'policy:p2@1 policy:p1@2',
    (row) => row.policy + row.version === 'p21' || row.policy + row.version === 'p12',
  ],
  ['model:north@2026-10-01', (row) => row.model === 'north' && row.version === '2026-10-01'],
  ['prompt:pay@home', (row) => row.prompt === 'pay@home'],
  ['prompt:pay@home@2', (row) => row.prompt === 'pay@home' && row.version === '2'],
  ['guardrail:"pii scan=fail"', (row) => row.guardrail === 'fail'],
  ['guardrail:*=fail guardrail:"pii scan=error"', (row) => row.guardrail !== 'pass'],
  ['guardrail:*=fail guardrail:"pii scan=fail"', (row) => row.guardrail === 'fail'],
  ['guardrail:"pii scan=pass"', (row) => row.guardrail === 'pass'],
  ['guardrail:screen', () => true],
  ['reviewer:per_2', (row) => row.reviewer === 'per_2'],
  ['downstream:pay_7 downstream:pay_8', (row) => row.made === 'pay_7' || row.made === 'pay_8'],
  [
    'reviewer:per_1 model:south@2 guardrail:"pii scan=pass"',
    (row) =>
      row.reviewer === 'per_1' && row.model === 'south' && row.version === '2' && row.guardrail === 'pass',
  ],
  [
    'agent:payments after:2026-06-01T05:00:00.000Z before:2026-06-03T07:00:00.000Z',
    (row) =>
      row.agent === 'payments' && row.atMs >= BASE_MS + 5 * 3_600_000 && row.atMs < BASE_MS + 55 * 3_600_000,
  ],
  [`trace:${'7'.padStart(32, '0')}`, (row) => row.trace === '7'.padStart(32, '0')],
  [`decision:${seeds[17]?.id}`, (row) => row.id === seeds[17]?.id],
  [
    'after:2026-06-02 before:2026-06-03',
    (row) => row.atMs >= BASE_MS + 86_400_000 && row.atMs < BASE_MS + 172_800_000,
  ],
  [
    `subject:${subjects[1]} outcome:refuse agent:payments after:2026-06-01T06:00:00.000Z`,
    (row) =>
      row.subject === subjects[1] &&
      row.verdict === 'refuse' &&
      row.agent === 'payments' &&
      row.atMs >= BASE_MS + 6 * 3_600_000,
  ],
];

async function readAll(text: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const parsed = cursor === null ? null : parseSearchCursor(cursor);
    const page = await searchDecisions('north', query(text), {
      limit,
      cursor: parsed?.ok ? parsed.value : undefined,
    });
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.older;
  } while (cursor !== null);
  return ids;
}

describe.each(searches)('search "%s"', (text, matches) => {
  const expected = seeds.filter(matches).sort(newestFirst);

  test('gives what brute force gives, in order, over pages of any size', async () => {
    expect(expected.length).toBeGreaterThan(0);
    for (const limit of [7, 500]) expect(await readAll(text, limit)).toEqual(expected.map(({ id }) => id));
  });

  test('counts exactly, in total, by facet and over time', async () => {
    const summary = await summariseSearch('north', query(text));
    expect(summary.total).toEqual({ kind: 'exact', n: expected.length });
    const overTime = summary.histogram?.reduce((n, b) => n + b.allow + b.refuse + b.escalate + b.defer, 0);
    expect(overTime).toBe(expected.length);
    const tools = summary.facets?.find(({ facet }) => facet === 'tool')?.values;
    if (!text.includes('tool:')) {
      for (const { value, n } of tools ?? []) {
        expect(n).toBe(expected.filter(({ tool }) => tool === value).length);
      }
      expect(tools?.reduce((sum, { n }) => sum + n, 0)).toBe(expected.length);
    }
  });

  test('counts what rollups do not have, over every match', async () => {
    const { details } = await summariseSearch('north', query(text));
    expect(details?.basis).toEqual({ all: true, n: expected.length });
    const named: Record<DetailFacet, (row: Seed) => string[]> = {
      tier: ({ tier }) => [tier],
      model: ({ model, version }) => [formatVersioned(model, version)],
      prompt: ({ prompt, version }) => [formatVersioned(prompt, version)],
      policy: ({ policy, version }) => [formatVersioned(policy, version)],
      guardrail: ({ guardrail }) => (guardrail === 'pass' ? [] : [`pii scan=${guardrail}`]),
    };
    for (const facet of DETAIL_FACETS) {
      const counted = details?.facets.find((each) => each.facet === facet)?.values ?? [];
      const names = expected.flatMap(named[facet]);
      expect(new Map(counted.map(({ value, n }) => [value, n])), facet).toEqual(
        new Map([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length])),
      );
    }
  });
});

test('a facet is counted under all other terms, so that a second value can be chosen', async () => {
  const summary = await summariseSearch('north', query('agent:triage outcome:refuse'));
  const agents = summary.facets?.find(({ facet }) => facet === 'agent')?.values ?? [];
  const refusals = seeds.filter(({ verdict }) => verdict === 'refuse');
  expect(new Map(agents.map(({ value, n }) => [value, n]))).toEqual(
    new Map(
      ['shopper', 'triage', 'payments'].map((agent) => [
        agent,
        refusals.filter((row) => row.agent === agent).length,
      ]),
    ),
  );
});

test('rollups are used only for what they count exactly', () => {
  expect(isCountedByRollups(query('agent:a outcome:refuse after:2026-06-01'))).toBe(true);
  expect(isCountedByRollups(query('after:2026-06-01T00:30:00.000Z'))).toBe(false);
  expect(isCountedByRollups(query('tier:bounded'))).toBe(false);
  expect(isCountedByRollups(query(`subject:${subjects[0]}`))).toBe(false);
});

test('more matches than are read to be counted are said to be more, and what is counted says over which', async () => {
  const many = Array.from({ length: COUNT_LIMIT + 1 }, (_, i) => ({
    ...seed(i),
    id: `dec_m${i}`,
    tier: 'unbounded' as const,
  }));
  await insert('many', many);
  const summary = await summariseSearch('many', query('tier:unbounded'));
  const basis = { all: false, n: COUNT_LIMIT };
  expect(summary).toMatchObject({ total: { kind: 'more', n: COUNT_LIMIT }, basis, details: { basis } });
  const agents = summary.facets?.find(({ facet }) => facet === 'agent')?.values;
  expect(agents?.reduce((sum, { n }) => sum + n, 0)).toBe(COUNT_LIMIT);
  // Of those that rollups count, the details are of the newest as well.
  const all = await summariseSearch('many', query(''));
  expect(all.details?.basis).toEqual({ all: false, n: DETAIL_LIMIT });
  const newest = many.toSorted(newestFirst).slice(0, DETAIL_LIMIT);
  const models = all.details?.facets.find(({ facet }) => facet === 'model')?.values ?? [];
  for (const { value, n } of models)
    expect(n).toBe(newest.filter(({ model, version }) => formatVersioned(model, version) === value).length);
  expect(models.reduce((sum, { n }) => sum + n, 0)).toBe(DETAIL_LIMIT);
  // What rollups count stays exact beside details that are not.
  expect(await summariseSearch('many', query('agent:triage'))).toMatchObject({
    total: { kind: 'exact', n: many.filter(({ agent }) => agent === 'triage').length },
    basis: { all: true },
  });
});

test('pages neither skip nor repeat while decisions arrive, older and newer', async () => {
  const first = await searchDecisions('north', query('agent:triage'), { limit: 20 });
  const late = Array.from({ length: 15 }, (_, i) => ({
    ...seed(i),
    id: `dec_late${i}`,
    agent: 'triage',
    atMs: (seeds.at(-1)?.atMs ?? 0) + 1 + (i % 2),
  }));
  await insert('north', late);
  const older = first.older === null ? undefined : parseSearchCursor(first.older);
  expect(older?.ok).toBe(true);
  const second = await searchDecisions('north', query('agent:triage'), {
    limit: 20,
    cursor: older?.ok ? older.value : undefined,
  });
  const before = seeds.filter(({ agent }) => agent === 'triage').sort(newestFirst);
  expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(
    before.slice(0, 40).map(({ id }) => id),
  );
  const newer = second.newer === null ? undefined : parseSearchCursor(second.newer);
  const back = await searchDecisions('north', query('agent:triage'), {
    limit: 20,
    direction: 'newer',
    cursor: newer?.ok ? newer.value : undefined,
  });
  expect(back.rows.map(({ id }) => id)).toEqual(first.rows.map(({ id }) => id));
  const arrived = parseSearchCursor(back.newer ?? '');
  const newest = await searchDecisions('north', query('agent:triage'), {
    limit: 20,
    direction: 'newer',
    cursor: arrived.ok ? arrived.value : undefined,
  });
  expect(newest.rows.map(({ id }) => id).sort()).toEqual(late.map(({ id }) => id).sort());
  expect(newest.newer).toBeNull();
});

test('an escalation finds the decision that it asks for', async () => {
  await getPool().query(
    "INSERT INTO edges (tenant, source, kind, target, occurred_at) VALUES ('north', 'esc_1', 'escalates', $1, now())",
    [seeds[40]?.id],
  );
  const found = await searchDecisions('north', query('escalation:esc_1'), { limit: 5 });
  expect(found.rows.map(({ id }) => id)).toEqual([seeds[40]?.id]);
  expect((await searchDecisions('south', query('escalation:esc_1'), { limit: 5 })).rows).toEqual([]);
});

test("another tenant's decisions do not exist", async () => {
  for (const text of [`decision:${seeds[300]?.id}`, `subject:${subjects[0]} after:2026-06-02`]) {
    expect((await searchDecisions('south', query(text), { limit: 50 })).rows).toEqual([]);
    expect((await summariseSearch('south', query(text))).total).toEqual({ kind: 'exact', n: 0 });
  }
});

test('an export holds every match once, however many pages it takes', async () => {
  const matching = await getPool().query("SELECT count(*)::bigint AS n FROM decisions WHERE tenant = 'many'");
  const text = await new Response(exportDecisions('many', query(''), 'ndjson')).text();
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.pop()).toEqual({ end: true, rows: matching.rows[0].n });
  expect(new Set(lines.map(({ id }) => id)).size).toBe(matching.rows[0].n);
  const csv = await new Response(exportDecisions('many', query(''), 'csv')).text();
  expect(csv.trimEnd().split('\r\n')).toHaveLength(matching.rows[0].n + 1);
});

describe('with 60,000 decisions', () => {
  const plans: [string, RegExp][] = [
    ['', /decisions_pkey/],
    ['after:2026-06-01 before:2026-06-02', /decisions_pkey/],
    [`subject:tok_${'f'.repeat(32)}`, /decision_subjects_pkey/],
    ['agent:rare', /decisions_agent/],
    ['agent:a1', /decisions_agent/],
    ['agent:a1 agent:a2', /decisions_agent/],
    ['tool:rare', /decisions_tool/],
    ['outcome:refuse', /decisions_verdict/],
    ['control:budget', /decisions_control/],
    ['rule:cap1', /decisions_rule/],
    ['model:m1', /decisions_model/],
    ['model:m1@v1', /decisions_model/],
    ['prompt:p1@v1', /decisions_prompt/],
    ['policy:pol', /decisions_policy/],
    ['tier:unbounded', /decisions_tier/],
    ['guardrail:screen=fail', /decision_marks_pkey/],
    ['guardrail:*=error', /decision_marks_pkey/],
    ['reviewer:per_1', /decision_marks_pkey/],
    ['downstream:d_1 downstream:d_2', /decision_marks_pkey/],
    [`trace:${'f'.repeat(32)}`, /decisions_trace/],
    ['run:r1', /decisions_run/],
    ['session:s1', /decisions_session/],
    ['escalation:esc400', /decisions_(id|pkey)/],
    ['decision:dec_none', /decisions_(id|pkey)/],
    ['agent:a1 tool:t2', /decisions_(agent|tool)/],
    ['agent:a1 rule:cap1 model:m1', /decisions_rule/],
    ['guardrail:screen=pass source:gateway', /decisions_pkey/],
    ['reviewer:per_1 agent:a1 tier:bounded', /decision_marks_pkey/],
  ];
  test('fill', async () => {
    await console.owner.query(`INSERT INTO decisions (tenant, occurred_at, id, stream, position, agent, tool, tier, verdict,
        source, control, rule, trace_id, run_id, session_id, escalation, model, model_version, prompt, prompt_version,
        policy_id, policy_version, guardrails)
      SELECT 'big', '2026-06-01Z'::timestamptz + i * interval '1 second', 'dec_' || i, 's', i, 'a' || i % 3, 't' || i % 3,
        CASE WHEN i % 300 = 0 THEN 'unbounded' ELSE 'bounded' END, CASE WHEN i % 200 = 0 THEN 'refuse' ELSE 'allow' END,
        'gateway', CASE WHEN i % 200 = 0 THEN 'budget' END, CASE WHEN i % 200 = 0 THEN 'cap' || i % 7 END, md5(i::text),
        'run' || i, 'session' || i, CASE WHEN i % 200 = 0 THEN 'esc' || i END, 'm' || i % 3, 'v' || i / 20000,
        'p' || i % 2, 'v' || i / 20000, 'pol', 'v' || i % 2, E'\nscreen=' || CASE WHEN i % 100 = 0 THEN 'fail' ELSE 'pass' END || E'\n'
      FROM generate_series(1, 60000) AS i`);
    await console.owner.query(`INSERT INTO decision_subjects (tenant, token, occurred_at, id, type)
      SELECT 'big', 'tok_' || md5((i % 5000)::text), '2026-06-01Z'::timestamptz + i * interval '1 second', 'dec_' || i, 'c'
      FROM generate_series(1, 60000) AS i`);
    await console.owner.query(`INSERT INTO decision_marks (tenant, kind, value, occurred_at, id)
      SELECT 'big', m.kind, m.value, '2026-06-01Z'::timestamptz + i * interval '1 second', 'dec_' || i
      FROM generate_series(1, 60000) AS i, LATERAL (VALUES ('guardrail', 'screen=fail', 100), ('guardrail', '*=fail', 100),
        ('reviewer', 'per_' || i % 3, 20), ('downstream', 'd_' || i / 2, 2)) AS m(kind, value, every) WHERE i % m.every = 0`);
    await console.owner.query(`INSERT INTO edges (tenant, source, kind, target, occurred_at)
      VALUES ('big', 'esc400', 'escalates', 'dec_400', now())`);
    await console.owner.query('ANALYZE decisions, decision_subjects, decision_marks, edges');
  });

  interface Plan {
    'Node Type': string;
    'Index Name'?: string;
    'Actual Rows': number;
    'Actual Loops': number;
    'Rows Removed by Filter'?: number;
    Plans?: Plan[];
  }
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

  test.each(plans)('"%s" reads an index in the order of time', async (text, index) => {
    const { statement } = await planPage('big', query(text), { limit: 50 });
    if (statement === null) {
      expect((await searchDecisions('big', query(text), { limit: 50 })).rows).toEqual([]);
      return;
    }
    const result = await getPool().query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
      statement.values,
    );
    const root = result.rows[0]?.['QUERY PLAN'][0].Plan;
    if (!root) throw new Error('no plan');
    const all = nodes(root);
    expect(all.map((node) => node['Index Name'] ?? '').join(' ')).toMatch(index);
    expect(all.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    for (const node of all) {
      const rows = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
      // A comparison row by row looks at one walk's rows for each value at most; nothing sorts more than a walk.
      expect(rows, node['Node Type']).toBeLessThanOrEqual(2 * WALK_ROWS);
      if (/Sort/.test(node['Node Type'])) expect(rows, 'sorted').toBeLessThanOrEqual(WALK_ROWS);
    }
  });

  test('terms that meet nowhere near are looked for a stretch at a time, which says how far it looked', async () => {
    // Every a1 is a t1: nothing matches, and only all of them could tell.
    const text = 'agent:a1 tool:t2';
    let cursor: string | null = null;
    const stretches: (string | null)[] = [];
    do {
      const parsed = cursor === null ? null : parseSearchCursor(cursor);
      const page = await searchDecisions('big', query(text), {
        limit: 50,
        cursor: parsed?.ok ? parsed.value : undefined,
      });
      expect(page.rows).toEqual([]);
      stretches.push(page.searchedTo);
      cursor = page.older;
    } while (cursor !== null);
    expect(stretches.length).toBe(3);
    expect(stretches.at(-1)).toBeNull();
    expect([...stretches.slice(0, -1)].sort().reverse()).toEqual(stretches.slice(0, -1));
  });

  test('stretches together give every match once, older and newer', async () => {
    const text = 'tool:t0 model:m0 outcome:allow tier:unbounded';
    const expected = await console.owner.query<{ id: string }>(
      `SELECT id FROM decisions WHERE tenant = 'big' AND tool = 't0' AND model = 'm0' AND verdict = 'allow' AND tier = 'unbounded'
        ORDER BY occurred_at DESC`,
    );
    const walk = async (direction: 'older' | 'newer', words: string) => {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const parsed = cursor === null ? null : parseSearchCursor(cursor);
        const page = await searchDecisions('big', query(words), {
          limit: 7,
          direction,
          cursor: parsed?.ok ? parsed.value : undefined,
        });
        if (direction === 'older') ids.push(...page.rows.map(({ id }) => id));
        else ids.unshift(...page.rows.map(({ id }) => id));
        cursor = page[direction];
      } while (cursor !== null);
      return ids;
    };
    const ids = expected.rows.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(90);
    expect(await walk('older', text)).toEqual(ids);
    expect(await walk('newer', text)).toEqual(ids);
    // No field of these has an index: everything is walked.
    const walked = await walk('older', 'source:gateway tier:unbounded tier:bounded guardrail:screen=fail');
    expect(walked.length).toBe(600);
  });
});
