import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { OutcomeSource, OutcomeVerdict, Tier } from '@/lib/decisions/record-payload';
import {
  type ManyField,
  type OnceField,
  onlyValueOf,
  type SearchQuery,
  valuesOf,
  windowOf,
} from '@/lib/decisions/search-query';

const MANY_COLUMNS: Record<Exclude<ManyField, 'outcome'>, string> = {
  agent: 'agent',
  tool: 'tool',
  source: 'source',
  control: 'control',
  rule: 'rule',
  tier: 'tier',
  model: 'model',
  policy: 'policy_id',
};

const ONCE_COLUMNS: Partial<Record<OnceField, string>> = {
  decision: 'id',
  trace: 'trace_id',
  run: 'run_id',
  session: 'session_id',
};

export interface SearchSql {
  from: string;
  where: string[];
  /** The table whose (occurred_at, id) the order and the cursor use. */
  order: 's' | 'd';
}

/** The FROM and WHERE of a search; values are pushed onto `params`. Every condition stands on the tenant. */
export function searchSql(tenant: string, query: SearchQuery, params: unknown[]): SearchSql {
  const bind = (value: unknown) => `$${params.push(value)}`;
  const subject = onlyValueOf(query, 'subject');
  const order = subject === undefined ? 'd' : 's';
  const where = [`${order}.tenant = ${bind(tenant)}`];
  if (subject !== undefined) where.push(`s.token = ${bind(subject)}`);
  for (const [field, column] of Object.entries(ONCE_COLUMNS)) {
    const value = onlyValueOf(query, field as OnceField);
    if (value !== undefined) where.push(`d.${column} = ${bind(value)}`);
  }
  // The console's own record joins an escalation to its decision, whether or not the producer's names it.
  const escalation = onlyValueOf(query, 'escalation');
  if (escalation !== undefined) {
    where.push(
      `d.id IN (SELECT target FROM edges WHERE tenant = ${bind(tenant)} AND source = ${bind(escalation)} AND kind = 'escalates')`,
    );
  }
  for (const [field, column] of Object.entries(MANY_COLUMNS)) {
    const values = valuesOf(query, field as ManyField);
    if (values.length === 1) where.push(`d.${column} = ${bind(values[0])}`);
    if (values.length > 1) where.push(`d.${column} = ANY(${bind(values)})`);
  }
  // A closed list of words, written out: only constants let the planner see that a partial index applies.
  const outcomes = valuesOf(query, 'outcome').map((value) => `'${value.replace(/[^a-z]/g, '')}'`);
  if (outcomes.length === 1) where.push(`d.verdict = ${outcomes[0]}`);
  if (outcomes.length > 1) where.push(`d.verdict IN (${outcomes.join(', ')})`);
  const { afterMs, beforeMs } = windowOf(query);
  if (afterMs !== undefined) where.push(`${order}.occurred_at >= ${bind(new Date(afterMs))}`);
  if (beforeMs !== undefined) where.push(`${order}.occurred_at < ${bind(new Date(beforeMs))}`);
  const from =
    subject === undefined
      ? 'decisions d'
      : 'decision_subjects s JOIN decisions d ON d.tenant = s.tenant AND d.occurred_at = s.occurred_at AND d.id = s.id';
  return { from, where, order };
}

export const DECISION_COLUMNS = `d.id, d.occurred_at, d.stream, d.position, d.agent, d.agent_version, d.runtime, d.principal,
  d.tool, d.resource, d.tier, d.verdict, d.source, d.control, d.rule, d.reason_code, d.model, d.model_version, d.policy_id,
  d.policy_version, d.amount::text AS amount, d.currency, d.escalation, d.trace_id, d.run_id, d.session_id`;

export interface DecisionSqlRow {
  id: string;
  occurred_at: Date;
  stream: string;
  position: number;
  agent: string;
  agent_version: string | null;
  runtime: string | null;
  principal: string | null;
  tool: string;
  resource: string | null;
  tier: Tier;
  verdict: OutcomeVerdict;
  source: OutcomeSource;
  control: string | null;
  rule: string | null;
  reason_code: string | null;
  model: string | null;
  model_version: string | null;
  policy_id: string | null;
  policy_version: string | null;
  amount: string | null;
  currency: string | null;
  escalation: string | null;
  trace_id: string | null;
  run_id: string | null;
  session_id: string | null;
}

/** numeric(24,4) prints all four digits; money shows two and only the further ones that are not zero. */
export function trimAmount(amount: string): string {
  return amount.replace(/^(-?\d+\.\d{2})(\d*?)0+$/, '$1$2');
}

export function toDecisionRow(row: DecisionSqlRow): DecisionRow {
  return {
    id: row.id,
    occurredAt: row.occurred_at.toISOString(),
    stream: row.stream,
    position: row.position,
    agent: row.agent,
    agentVersion: row.agent_version,
    runtime: row.runtime,
    principal: row.principal,
    tool: row.tool,
    resource: row.resource,
    tier: row.tier,
    verdict: row.verdict,
    source: row.source,
    control: row.control,
    rule: row.rule,
    reasonCode: row.reason_code,
    model: row.model,
    modelVersion: row.model_version,
    policyId: row.policy_id,
    policyVersion: row.policy_version,
    amount: row.amount === null ? null : trimAmount(row.amount),
    currency: row.currency,
    escalation: row.escalation,
    traceId: row.trace_id,
    runId: row.run_id,
    sessionId: row.session_id,
  };
}
