import { formatInstant } from '@/lib/core/instant';
import type { DecisionRow, EdgeRow, LateMarkRow, Projection, VersionRow } from '@/lib/producers/projection';
import { countGuardrails, countVersionUses } from './count-version-uses';
import type { TableInsert } from './insert-statement';

interface Projected {
  position: number;
  projection: Projection;
}

const DECISION_COLUMNS: readonly (readonly [string, string, keyof DecisionRow])[] = [
  ['occurred_at', 'timestamptz', 'occurredAt'],
  ['id', 'text', 'id'],
  ['agent', 'text', 'agent'],
  ['agent_version', 'text', 'agentVersion'],
  ['runtime', 'text', 'runtime'],
  ['principal', 'text', 'principal'],
  ['session_id', 'text', 'sessionId'],
  ['run_id', 'text', 'runId'],
  ['trace_id', 'text', 'traceId'],
  ['tool', 'text', 'tool'],
  ['resource', 'text', 'resource'],
  ['action_digest', 'text', 'actionDigest'],
  ['tier', 'text', 'tier'],
  ['verdict', 'text', 'verdict'],
  ['source', 'text', 'source'],
  ['control', 'text', 'control'],
  ['rule', 'text', 'rule'],
  ['reason_code', 'text', 'reasonCode'],
  ['model', 'text', 'model'],
  ['model_version', 'text', 'modelVersion'],
  ['prompt_digest', 'text', 'promptDigest'],
  ['policy_id', 'text', 'policyId'],
  ['policy_version', 'text', 'policyVersion'],
  ['amount', 'numeric', 'amount'],
  ['currency', 'text', 'currency'],
  ['escalation', 'text', 'escalation'],
  ['evaluation', 'text', 'evaluation'],
  ['prompt', 'text', 'prompt'],
  ['prompt_version', 'text', 'promptVersion'],
  ['guardrails', 'text', 'guardrails'],
];

const DAY_MS = 86_400_000;
const DUE_AT_ONCE = '1970-01-01T00:00:00.000Z';
// Several records may tell of the same edge or version; the earliest counts, in whatever order they arrive.
const EARLIEST_EDGE = `ON CONFLICT (tenant, source, kind, target) DO UPDATE SET occurred_at = EXCLUDED.occurred_at
  WHERE EXCLUDED.occurred_at < edges.occurred_at`;
// An upsert locks the row it finds even when it changes nothing, and every stream names the same few versions: rows
// that say nothing new are left out before, so that streams never wait for each other.
const NEWS_OF_VERSION = `NOT EXISTS (SELECT 1 FROM versions v
  WHERE v.tenant = c.tenant AND v.digest = u.digest AND v.first_seen_at <= u.first_seen_at)`;
const EARLIEST_VERSION = `ON CONFLICT (tenant, digest) DO UPDATE SET first_seen_at = EXCLUDED.first_seen_at
  WHERE EXCLUDED.first_seen_at < versions.first_seen_at`;

// An update, because it must lock a row that is there: a fold that takes the mark away then waits for this append and
// counts what it wrote. DO NOTHING would leave the row to the fold, which counts without this append and unmarks the day.
const MARK_LATE = 'ON CONFLICT (tenant, day, stream) DO UPDATE SET marked_at = EXCLUDED.marked_at';

/**
 * The projections' rows of a batch, table by table. Rollups add up.
 * @param scope.nowMs the console's clock: days that have ended by then and get decisions are marked as late
 */
export function projectionInserts(
  scope: { tenant: string; stream: string; nowMs: number },
  batch: readonly Projected[],
): TableInsert[] {
  const tenant = ['tenant', 'text', scope.tenant] as const;
  const stream = ['stream', 'text', scope.stream] as const;
  const decided = batch.flatMap(({ position, projection }) =>
    projection.decision ? [{ position, row: projection.decision }] : [],
  );
  const decisions = decided.map(({ row }) => row);
  const subjects = batch.flatMap(({ projection }) =>
    projection.subjects.map((subject) => ({ ...subject, projection })),
  );
  const edges = distinctEdges(batch);
  const marks = batch.flatMap(({ projection }) => projection.marks.map((mark) => ({ ...mark, projection })));
  const lateMarks = distinctLateMarks(batch);
  const hours = countDecisions(decisions, ({ occurredAt }) => `${occurredAt.slice(0, 13)}:00:00.000Z`);
  const days = countDecisions(decisions, ({ occurredAt }) => `${occurredAt.slice(0, 10)}T00:00:00.000Z`);
  const ended = new Set(
    days.map(({ start }) => start).filter((start) => Date.parse(start) + DAY_MS <= scope.nowMs),
  );
  const versions = distinctVersions(batch);
  const projections = batch.map(({ projection }) => projection);
  const uses = countVersionUses(projections);
  const scores = countGuardrails(projections);
  const changes = batch.flatMap(({ position, projection: { change } }) =>
    change ? [{ position, change }] : [],
  );
  return [
    {
      table: 'decisions',
      constants: [tenant, stream],
      columns: [
        ['position', 'bigint', decided.map(({ position }) => position)],
        ...DECISION_COLUMNS.map(
          ([column, type, key]) => [column, type, decisions.map((row) => row[key])] as const,
        ),
      ],
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'decision_subjects',
      constants: [tenant],
      columns: [
        ['token', 'text', subjects.map(({ token }) => token)],
        ['occurred_at', 'timestamptz', subjects.map(({ projection }) => projection.occurredAt)],
        ['id', 'text', subjects.map(({ projection }) => projection.decision?.id)],
        ['type', 'text', subjects.map(({ type }) => type)],
      ],
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'edges',
      constants: [tenant],
      columns: [
        ['source', 'text', edges.map(({ edge }) => edge.source)],
        ['kind', 'text', edges.map(({ edge }) => edge.kind)],
        ['target', 'text', edges.map(({ edge }) => edge.target)],
        ['occurred_at', 'timestamptz', edges.map(({ occurredAt }) => occurredAt)],
      ],
      onConflict: EARLIEST_EDGE,
    },
    {
      table: 'decision_marks',
      constants: [tenant],
      columns: [
        ['kind', 'text', marks.map(({ kind }) => kind)],
        ['value', 'text', marks.map(({ value }) => value)],
        ['occurred_at', 'timestamptz', marks.map(({ projection }) => projection.occurredAt)],
        ['id', 'text', marks.map(({ projection }) => projection.decision?.id)],
      ],
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'late_marks',
      constants: [tenant, ['tries', 'int', 0], ['try_at', 'timestamptz', DUE_AT_ONCE]],
      columns: [
        ['owner', 'text', lateMarks.map(({ owner }) => owner)],
        ['kind', 'text', lateMarks.map(({ kind }) => kind)],
        ['value', 'text', lateMarks.map(({ value }) => value)],
      ],
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    rollupInsert('rollups', 'hour', [tenant, stream], hours),
    rollupInsert('rollup_days', 'day', [tenant, stream], days),
    {
      table: 'rollup_late',
      constants: [tenant, stream, ['marked_at', 'timestamptz', formatInstant(scope.nowMs)]],
      columns: [['day', 'timestamptz', [...ended]]],
      onConflict: MARK_LATE,
    },
    {
      table: 'versions',
      constants: [tenant],
      columns: [
        ['digest', 'text', versions.map(({ digest }) => digest)],
        ['kind', 'text', versions.map(({ kind }) => kind)],
        ['name', 'text', versions.map(({ name }) => name)],
        ['version', 'text', versions.map(({ version }) => version)],
        ['first_seen_at', 'timestamptz', versions.map(({ firstSeenAt }) => firstSeenAt)],
      ],
      where: NEWS_OF_VERSION,
      onConflict: EARLIEST_VERSION,
    },
    {
      table: 'version_uses',
      constants: [tenant, stream],
      columns: [
        ['kind', 'text', uses.map(({ kind }) => kind)],
        ['name', 'text', uses.map(({ name }) => name)],
        ['version', 'text', uses.map(({ version }) => version)],
        ['agent', 'text', uses.map(({ agent }) => agent)],
        ['first_at', 'timestamptz', uses.map(({ firstAt }) => firstAt)],
        ['last_at', 'timestamptz', uses.map(({ lastAt }) => lastAt)],
        ['n', 'bigint', uses.map(({ n }) => n)],
      ],
      onConflict: `ON CONFLICT (tenant, kind, name, version, agent, stream) DO UPDATE SET
        first_at = LEAST(version_uses.first_at, EXCLUDED.first_at),
        last_at = GREATEST(version_uses.last_at, EXCLUDED.last_at), n = version_uses.n + EXCLUDED.n`,
    },
    {
      table: 'guardrail_rollups',
      constants: [tenant, stream],
      columns: [
        ['hour', 'timestamptz', scores.map(({ hour }) => hour)],
        ['agent', 'text', scores.map(({ agent }) => agent)],
        ['name', 'text', scores.map(({ name }) => name)],
        ['version', 'text', scores.map(({ version }) => version)],
        ['threshold', 'text', scores.map(({ threshold }) => threshold)],
        ['verdict', 'text', scores.map(({ verdict }) => verdict)],
        ['class', 'integer', scores.map(({ scoreClass }) => scoreClass)],
        ['n', 'bigint', scores.map(({ n }) => n)],
      ],
      onConflict: `ON CONFLICT (tenant, hour, stream, agent, name, version, threshold, verdict, class)
        DO UPDATE SET n = guardrail_rollups.n + EXCLUDED.n`,
    },
    {
      table: 'changes',
      constants: [tenant, stream],
      columns: [
        ['position', 'bigint', changes.map(({ position }) => position)],
        ['occurred_at', 'timestamptz', changes.map(({ change }) => change.occurredAt)],
        ['id', 'text', changes.map(({ change }) => change.id)],
        ['target', 'text', changes.map(({ change }) => change.target)],
        ['name', 'text', changes.map(({ change }) => change.name)],
        ['from_version', 'text', changes.map(({ change }) => change.fromVersion)],
        ['to_version', 'text', changes.map(({ change }) => change.toVersion)],
        ['direction', 'text', changes.map(({ change }) => change.direction)],
        ['summary', 'text', changes.map(({ change }) => change.summary)],
      ],
      onConflict: 'ON CONFLICT DO NOTHING',
    },
  ];
}

function distinctEdges(batch: readonly Projected[]): { edge: EdgeRow; occurredAt: string }[] {
  const rows = new Map<string, { edge: EdgeRow; occurredAt: string }>();
  for (const { projection } of batch) {
    for (const edge of projection.edges) {
      const key = `${edge.kind}\n${edge.source}\n${edge.target}`;
      const seen = rows.get(key);
      if (!seen || seen.occurredAt > projection.occurredAt)
        rows.set(key, { edge, occurredAt: projection.occurredAt });
    }
  }
  return [...rows.values()];
}

function distinctLateMarks(batch: readonly Projected[]): LateMarkRow[] {
  const rows = batch.flatMap(({ projection }) => projection.lateMarks);
  return [...new Map(rows.map((row) => [`${row.owner}\n${row.kind}\n${row.value}`, row])).values()];
}

interface Count {
  start: string;
  agent: string;
  tool: string;
  control: string;
  rule: string;
  source: string;
  verdict: string;
  n: number;
}

/** One row per key: a statement may not touch the same row twice. */
function countDecisions(rows: readonly DecisionRow[], startOf: (row: DecisionRow) => string): Count[] {
  const counts = new Map<string, Count>();
  for (const row of rows) {
    const { agent, tool, control, rule, source, verdict } = row;
    const start = startOf(row);
    // None of the parts but the last can hold a line break, so no two keys print alike.
    const name = [start, agent, tool, control, source, verdict, rule].join('\n');
    const counted = counts.get(name);
    if (counted) counted.n += 1;
    else
      counts.set(name, {
        start,
        agent,
        tool,
        control: control ?? '',
        rule: rule ?? '',
        source,
        verdict,
        n: 1,
      });
  }
  return [...counts.values()];
}

function rollupInsert(
  table: string,
  start: 'hour' | 'day',
  constants: TableInsert['constants'],
  counts: readonly Count[],
): TableInsert {
  return {
    table,
    constants,
    columns: [
      [start, 'timestamptz', counts.map((count) => count.start)],
      ['agent', 'text', counts.map(({ agent }) => agent)],
      ['tool', 'text', counts.map(({ tool }) => tool)],
      ['control', 'text', counts.map(({ control }) => control)],
      ['rule', 'text', counts.map(({ rule }) => rule)],
      ['source', 'text', counts.map(({ source }) => source)],
      ['verdict', 'text', counts.map(({ verdict }) => verdict)],
      ['n', 'bigint', counts.map(({ n }) => n)],
    ],
    onConflict: `ON CONFLICT (tenant, ${start}, stream, agent, tool, control, rule, source, verdict) DO UPDATE SET n = ${table}.n + EXCLUDED.n`,
  };
}

/** In digest order, so that two batches that bring the same new versions cannot wait for each other in a circle. */
function distinctVersions(batch: readonly Projected[]): (VersionRow & { firstSeenAt: string })[] {
  const rows = new Map<string, VersionRow & { firstSeenAt: string }>();
  for (const { projection } of batch) {
    for (const version of projection.versions) {
      const seen = rows.get(version.digest);
      if (!seen || seen.firstSeenAt > projection.occurredAt)
        rows.set(version.digest, { ...version, firstSeenAt: projection.occurredAt });
    }
  }
  return [...rows.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}
