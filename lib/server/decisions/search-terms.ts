import { readGuardrail, readVersioned } from '@/lib/decisions/search-names';
import { type ManyField, onlyValueOf, type SearchQuery, valuesOf } from '@/lib/decisions/search-query';
import { getPool } from '../database/pool';

/** Adds a value to a statement and gives its placeholder. */
export type Bind = (value: unknown) => string;

/** A part of a table that an index holds in the order of time: every row of it meets one value of one term. */
export interface Run {
  table: 'decisions' | 'decision_subjects' | 'decision_marks';
  /** Over the table as `k`. */
  where: (bind: Bind) => string;
}

/** One field of a search with all its values. */
export interface SearchCondition {
  /** Over `decisions d`. */
  filter: (bind: Bind) => string;
  /** Together every match; null where no index has this field in the order of time. */
  runs: Run[] | null;
  /** At most this many rows match whatever their time. */
  few?: true;
  /** The same decision may stand in several runs. */
  repeats?: true;
}

/** More values, or versions, than these are compared row by row instead. */
const MAX_RUNS = 48;
const MAX_ESCALATION_DECISIONS = 1_000;

const NONE: SearchCondition = { filter: () => 'false', runs: [], few: true };

/** A column whose index has the tail (occurred_at, id). */
function byColumn(column: string, values: readonly string[]): SearchCondition {
  return {
    filter: (bind) =>
      values.length === 1 ? `d.${column} = ${bind(values[0])}` : `d.${column} = ANY(${bind(values)})`,
    runs: values.map((value) => ({ table: 'decisions', where: (bind) => `k.${column} = ${bind(value)}` })),
  };
}

/** Words of a closed list, written out: only constants let the planner see that a partial index applies. */
function byWord(
  column: string,
  values: readonly string[],
  indexed: (value: string) => boolean,
): SearchCondition {
  const words = values.map((value) => `'${value.replace(/[^a-z]/g, '')}'`);
  return {
    filter: () => `d.${column} IN (${words.join(', ')})`,
    runs: values.every(indexed)
      ? words.map((word) => ({ table: 'decisions', where: () => `k.${column} = ${word}` }))
      : null,
  };
}

function byMark(kind: string, values: readonly string[]): SearchCondition {
  return {
    filter: (bind) => `EXISTS (SELECT 1 FROM decision_marks x WHERE x.tenant = d.tenant AND x.kind = '${kind}'
      AND x.value = ANY(${bind(values)}) AND x.occurred_at = d.occurred_at AND x.id = d.id)`,
    runs: values.map((value) => ({
      table: 'decision_marks',
      where: (bind) => `k.kind = '${kind}' AND k.value = ${bind(value)}`,
    })),
    ...(values.length > 1 ? { repeats: true } : {}),
  };
}

/**
 * By who reviewed; never one that still waits: whoever decides next must not learn from a search that somebody else has.
 */
function byReviewer(values: readonly string[]): SearchCondition {
  const marked = byMark('reviewer', values);
  const isOver = (row: string) => `NOT EXISTS (SELECT 1 FROM escalations w
    WHERE w.tenant = ${row}.tenant AND w.decision = ${row}.id AND w.state = 'pending')`;
  return {
    ...marked,
    filter: (bind) => `${marked.filter(bind)} AND ${isOver('d')}`,
    runs: (marked.runs ?? []).map((run) => ({
      ...run,
      where: (bind) => `${run.where(bind)} AND ${isOver('k')}`,
    })),
  };
}

function bySubject(token: string): SearchCondition {
  return {
    filter: (
      bind,
    ) => `EXISTS (SELECT 1 FROM decision_subjects x WHERE x.tenant = d.tenant AND x.token = ${bind(token)}
      AND x.occurred_at = d.occurred_at AND x.id = d.id)`,
    runs: [{ table: 'decision_subjects', where: (bind) => `k.token = ${bind(token)}` }],
  };
}

/** Guardrails that did not pass have marks; that one passed, or was evaluated at all, stands in the row only. */
function byGuardrail(values: readonly string[]): SearchCondition {
  const read = values.map(readGuardrail);
  const lines = read.flatMap(({ name, verdict }) => {
    const start = name === '*' ? '' : `\n${name}`;
    return (verdict === null ? ['pass', 'fail', 'error'] : [verdict]).map((each) => `${start}=${each}\n`);
  });
  const marked = read.every(({ verdict }) => verdict === 'fail' || verdict === 'error');
  return {
    filter: (bind) => `(${lines.map((line) => `position(${bind(line)} IN d.guardrails) > 0`).join(' OR ')})`,
    runs: marked ? byMark('guardrail', values).runs : null,
    ...(values.length > 1 ? { repeats: true } : {}),
  };
}

type VersionedColumn = 'model' | 'prompt' | 'policy_id';
const VERSION_COLUMNS: Record<VersionedColumn, string> = {
  model: 'model_version',
  prompt: 'prompt_version',
  policy_id: 'policy_version',
};

/** Every version of a name in the order of time takes one run a version: the index has the version before the time. */
async function byVersion(
  tenant: string,
  column: VersionedColumn,
  values: readonly string[],
): Promise<SearchCondition> {
  const version = VERSION_COLUMNS[column];
  const named = values.flatMap(readVersioned);
  const filter = (bind: Bind) =>
    `(${named
      .map((each) =>
        each.version === null
          ? `d.${column} = ${bind(each.name)}`
          : `(d.${column} = ${bind(each.name)} AND d.${version} = ${bind(each.version)})`,
      )
      .join(' OR ')})`;
  const pairs = new Map<string, { name: string; version: string }>();
  for (const each of named) {
    const versions = each.version === null ? await listVersions(tenant, column, each.name) : [each.version];
    if (versions === null) return { filter, runs: null };
    for (const found of versions)
      pairs.set(JSON.stringify([each.name, found]), { name: each.name, version: found });
  }
  if (pairs.size > MAX_RUNS) return { filter, runs: null };
  return {
    filter,
    runs: [...pairs.values()].map((pair) => ({
      table: 'decisions',
      where: (bind) => `k.${column} = ${bind(pair.name)} AND k.${version} = ${bind(pair.version)}`,
    })),
  };
}

/** The versions of a name, by stepping from one to the next in the index; null when they are too many. */
async function listVersions(tenant: string, column: VersionedColumn, name: string): Promise<string[] | null> {
  const version = VERSION_COLUMNS[column];
  const next = (after: string) =>
    `SELECT ${version} FROM decisions WHERE tenant = $1 AND ${column} = $2 AND ${version} ${after} ORDER BY ${version} LIMIT 1`;
  const result = await getPool().query<{ version: string }>(
    `WITH RECURSIVE found AS (
       (${next('IS NOT NULL')})
       UNION ALL SELECT (${next(`> found.${version}`)}) FROM found WHERE found.${version} IS NOT NULL)
     SELECT ${version} AS version FROM found WHERE ${version} IS NOT NULL LIMIT ${MAX_RUNS + 1}`,
    [tenant, name],
  );
  return result.rows.length > MAX_RUNS ? null : result.rows.map((row) => row.version);
}

/** The console's own record joins an escalation to its decision, whether or not the producer's names it. */
async function byEscalation(tenant: string, escalation: string): Promise<SearchCondition> {
  const result = await getPool().query<{ target: string }>(
    `SELECT target FROM edges WHERE tenant = $1 AND source = $2 AND kind = 'escalates' LIMIT ${MAX_ESCALATION_DECISIONS}`,
    [tenant, escalation],
  );
  return result.rows.length === 0 ? NONE : byId(result.rows.map(({ target }) => target));
}

function byId(ids: readonly string[]): SearchCondition {
  return {
    ...byColumn('id', ids),
    runs: [{ table: 'decisions', where: (bind) => `k.id = ANY(${bind(ids)})` }],
    few: true,
  };
}

/** The fields of a search as conditions, most telling first; `after` and `before` bound every run instead. */
export async function readConditions(tenant: string, query: SearchQuery): Promise<SearchCondition[]> {
  const many = async (
    field: ManyField,
    make: (values: string[]) => SearchCondition | Promise<SearchCondition>,
  ) => {
    const values = valuesOf(query, field);
    if (values.length === 0) return [];
    const made = await make(values);
    return [made.runs !== null && made.runs.length > MAX_RUNS ? { ...made, runs: null } : made];
  };
  const once = (
    value: string | undefined,
    make: (value: string) => SearchCondition | Promise<SearchCondition>,
  ) => (value === undefined ? [] : [make(value)]);
  const conditions = await Promise.all([
    ...once(onlyValueOf(query, 'decision'), (id) => byId([id])),
    ...once(onlyValueOf(query, 'escalation'), (id) => byEscalation(tenant, id)),
    ...once(onlyValueOf(query, 'trace'), (id) => byColumn('trace_id', [id])),
    ...once(onlyValueOf(query, 'run'), (id) => byColumn('run_id', [id])),
    ...once(onlyValueOf(query, 'session'), (id) => byColumn('session_id', [id])),
    ...once(onlyValueOf(query, 'subject'), bySubject),
  ]);
  const rest = await Promise.all([
    many('downstream', (values) => byMark('downstream', values)),
    many('origin', (values) => byMark('origin', values)),
    many('reviewer', byReviewer),
    many('guardrail', byGuardrail),
    many('rule', (values) => byColumn('rule', values)),
    many('prompt', (values) => byVersion(tenant, 'prompt', values)),
    many('policy', (values) => byVersion(tenant, 'policy_id', values)),
    many('model', (values) => byVersion(tenant, 'model', values)),
    many('control', (values) => byColumn('control', values)),
    many('tool', (values) => byColumn('tool', values)),
    many('agent', (values) => byColumn('agent', values)),
    many('tier', (values) => byWord('tier', values, (value) => value === 'unbounded')),
    many('outcome', (values) => byWord('verdict', values, (value) => value !== 'allow')),
    many('source', (values) => byWord('source', values, () => false)),
  ]);
  return [...conditions, ...rest.flat()];
}
