import type { ActionFacts } from '@/lib/policy/action-facts';
import type { PolicyState, StateQuery, StateScope } from '@/lib/policy/state-queries';
import type { Tx } from '../database/transaction';
import { describeError } from '../describe-error';

/**
 * Uses up to this much after `nowMs` still count: another evaluation may have read its clock later and yet have got
 * the lock first. Replayed history does not see what lies further ahead.
 */
const CLOCK_SLACK_MS = 300_000;

/** Locks are always taken in this order, so that no two evaluations wait for each other. */
const LOCK_ORDER: readonly StateScope[] = [
  'tenant',
  'agent',
  'principal',
  'agent-principal',
  'counterparty',
  'principal-counterparty',
];

/** SQLSTATEs that the transaction itself answers by running again (see `inTransaction`). */
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Answers the policy's questions from `action_uses`, holding until the commit a lock on every scope they ask about: two
 * concurrent evaluations can then not both take the last of one budget. When the answers cannot be had, the
 * transaction stays usable and the state is `available: false`.
 */
export async function gatherState(
  tx: Tx,
  tenant: string,
  facts: ActionFacts,
  queries: readonly StateQuery[],
  nowMs: number,
): Promise<PolicyState> {
  if (queries.length === 0) return { available: true, values: {} };
  await tx.query('SAVEPOINT gather_state');
  try {
    for (const lock of lockNames(tenant, facts, queries)) {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
    }
    const { text, values } = stateStatement(tenant, facts, queries, nowMs);
    const found = await tx.query<Record<string, string>>(text, values);
    const row = found.rows[0] ?? {};
    return {
      available: true,
      values: Object.fromEntries(queries.map((query, index) => [query.key, row[`q${index}`] ?? ''])),
    };
  } catch (error) {
    const state = (error as { code?: unknown }).code;
    if (typeof state === 'string' && RETRYABLE.has(state)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT gather_state');
    console.error('the state of a decision could not be read', describeError(error));
    return { available: false };
  }
}

function lockNames(tenant: string, facts: ActionFacts, queries: readonly StateQuery[]): string[] {
  return LOCK_ORDER.filter((scope) => queries.some((query) => query.scope === scope)).map((scope) =>
    JSON.stringify(['countersign/uses', tenant, scope, ...scopeValues(scope, facts)]),
  );
}

function scopeColumns(scope: StateScope): string[] {
  return scope === 'tenant' ? [] : scope.split('-');
}

function scopeValues(scope: StateScope, facts: ActionFacts): string[] {
  const values: Record<string, string> = {
    agent: facts.agent,
    principal: facts.principal?.token ?? '',
    counterparty: facts.counterparty ?? '',
  };
  return scopeColumns(scope).map((column) => values[column] as string);
}

const MEASURES: Readonly<Record<StateQuery['measure'], string>> = {
  amount: 'coalesce(sum(amount), 0)',
  count: 'count(*)',
  'other-categories': 'count(DISTINCT category)',
};

/** One statement with one scalar per question; column names are fixed, everything else is a parameter. */
function stateStatement(
  tenant: string,
  facts: ActionFacts,
  queries: readonly StateQuery[],
  nowMs: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const tenantParameter = parameter(tenant);
  const until = parameter(new Date(nowMs + CLOCK_SLACK_MS));
  const columns = queries.map((query, index) => {
    const exact = query.tools.filter((pattern) => !pattern.endsWith('*'));
    const prefixes = query.tools
      .filter((pattern) => pattern.endsWith('*'))
      .map((pattern) => `${pattern.slice(0, -1).replace(/[\\%_]/g, '\\$&')}%`);
    const scope = scopeColumns(query.scope);
    const scoped = scopeValues(query.scope, facts);
    const conditions = [
      `tenant = ${tenantParameter}`,
      `at > ${parameter(new Date(nowMs - query.windowMs))} AND at <= ${until}`,
      ...scope.map((column, position) => `${column} = ${parameter(scoped[position])}`),
      `(tool = ANY(${parameter(exact)}::text[]) OR tool LIKE ANY(${parameter(prefixes)}::text[]))`,
      ...(query.currency ? [`currency = ${parameter(query.currency)}`] : []),
      ...(query.measure === 'other-categories' ? [`category <> ${parameter(facts.category)}`] : []),
    ];
    return `(SELECT ${MEASURES[query.measure]}::text FROM action_uses WHERE ${conditions.join(' AND ')}) AS q${index}`;
  });
  return { text: `SELECT ${columns.join(', ')}`, values };
}
