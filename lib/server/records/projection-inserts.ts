import type { DecisionRow, Projection } from '@/lib/producers/projection';
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
];

/**
 * The projections' rows of a batch, table by table. `ON CONFLICT DO NOTHING` where another record may already have
 * said the same (an edge, a version); rollups add up.
 */
export function projectionInserts(
  scope: { tenant: string; stream: string },
  batch: readonly Projected[],
): TableInsert[] {
  const tenant = ['tenant', 'text', scope.tenant] as const;
  const stream = ['stream', 'text', scope.stream] as const;
  const decided = batch.flatMap(({ position, projection }) =>
    projection.decision ? [{ position, row: projection.decision }] : [],
  );
  return [
    {
      table: 'decisions',
      constants: [tenant, stream],
      columns: [['position', 'bigint'], ...DECISION_COLUMNS.map(([column, type]) => [column, type] as const)],
      rows: decided.map(({ position, row }) => [position, ...DECISION_COLUMNS.map(([, , key]) => row[key])]),
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'decision_subjects',
      constants: [tenant],
      columns: [
        ['token', 'text'],
        ['occurred_at', 'timestamptz'],
        ['id', 'text'],
        ['type', 'text'],
      ],
      rows: batch.flatMap(({ projection }) =>
        projection.subjects.map(({ token, type }) => [
          token,
          projection.occurredAt,
          projection.decision?.id,
          type,
        ]),
      ),
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'edges',
      constants: [tenant],
      columns: [
        ['source', 'text'],
        ['kind', 'text'],
        ['target', 'text'],
        ['occurred_at', 'timestamptz'],
      ],
      rows: batch.flatMap(({ projection }) =>
        projection.edges.map(({ source, kind, target }) => [source, kind, target, projection.occurredAt]),
      ),
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'rollups',
      constants: [tenant, stream],
      columns: [
        ['hour', 'timestamptz'],
        ['agent', 'text'],
        ['tool', 'text'],
        ['control', 'text'],
        ['rule', 'text'],
        ['source', 'text'],
        ['verdict', 'text'],
        ['n', 'bigint'],
      ],
      rows: countByHour(decided.map(({ row }) => row)),
      onConflict:
        'ON CONFLICT (tenant, hour, stream, agent, tool, control, rule, source, verdict) DO UPDATE SET n = rollups.n + EXCLUDED.n',
    },
    {
      table: 'versions',
      constants: [tenant],
      columns: [
        ['digest', 'text'],
        ['kind', 'text'],
        ['name', 'text'],
        ['version', 'text'],
        ['first_seen_at', 'timestamptz'],
      ],
      rows: distinctVersions(batch),
      onConflict: 'ON CONFLICT DO NOTHING',
    },
    {
      table: 'changes',
      constants: [tenant, stream],
      columns: [
        ['position', 'bigint'],
        ['occurred_at', 'timestamptz'],
        ['id', 'text'],
        ['target', 'text'],
        ['name', 'text'],
        ['from_version', 'text'],
        ['to_version', 'text'],
        ['direction', 'text'],
        ['summary', 'text'],
      ],
      rows: batch.flatMap(({ position, projection: { change } }) =>
        change
          ? [
              [
                position,
                change.occurredAt,
                change.id,
                change.target,
                change.name,
                change.fromVersion,
                change.toVersion,
                change.direction,
                change.summary,
              ],
            ]
          : [],
      ),
      onConflict: 'ON CONFLICT DO NOTHING',
    },
  ];
}

/** One row per key: a statement may not touch the same row twice. */
function countByHour(rows: readonly DecisionRow[]): unknown[][] {
  const counts = new Map<string, unknown[]>();
  for (const row of rows) {
    const hour = `${row.occurredAt.slice(0, 13)}:00:00.000Z`;
    const key = [hour, row.agent, row.tool, row.control ?? '', row.rule ?? '', row.source, row.verdict];
    const name = JSON.stringify(key);
    const counted = counts.get(name);
    if (counted) counted[7] = (counted[7] as number) + 1;
    else counts.set(name, [...key, 1]);
  }
  return [...counts.values()];
}

/** In digest order, so that two batches that bring the same new versions cannot wait for each other in a circle. */
function distinctVersions(batch: readonly Projected[]): unknown[][] {
  const rows = new Map<string, unknown[]>();
  for (const { projection } of batch) {
    for (const { digest, kind, name, version } of projection.versions) {
      const seen = rows.get(digest);
      if (!seen || String(seen[4]) > projection.occurredAt)
        rows.set(digest, [digest, kind, name, version, projection.occurredAt]);
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
