import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { OriginProtocol, OutcomeSource, OutcomeVerdict, Tier } from '@/lib/decisions/record-payload';
import { listGuardrailLines } from '@/lib/producers/project-guardrails';

export const DECISION_COLUMNS = `d.id, d.occurred_at, d.stream, d.position, d.agent, d.agent_version, d.runtime, d.principal,
  d.tool, d.resource, d.tier, d.verdict, d.source, d.control, d.rule, d.reason_code, d.model, d.model_version, d.policy_id,
  d.policy_version, d.amount::text AS amount, d.currency, d.escalation, d.trace_id, d.run_id, d.session_id,
  d.prompt, d.prompt_version, d.guardrails,
  (SELECT o.value FROM decision_marks o WHERE o.tenant = d.tenant AND o.kind = 'origin' AND o.value = 'otlp'
    AND o.occurred_at = d.occurred_at AND o.id = d.id) AS origin`;

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
  prompt: string | null;
  prompt_version: string | null;
  guardrails: string | null;
  origin: OriginProtocol | null;
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
    prompt: row.prompt,
    promptVersion: row.prompt_version,
    guardrails: listGuardrailLines(row.guardrails),
    origin: row.origin,
  };
}
