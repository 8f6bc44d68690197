import { parseAmount } from '@/lib/core/money';
import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { Check } from '@/lib/integrity/check';
import { projectDecision } from '@/lib/producers/project-decision';
import { listGuardrailLines } from '@/lib/producers/project-guardrails';

/** Columns that the search shows and the projection of the signed record must yield. */
const COLUMNS = [
  'agent',
  'agentVersion',
  'runtime',
  'principal',
  'tool',
  'resource',
  'tier',
  'verdict',
  'source',
  'control',
  'rule',
  'reasonCode',
  'model',
  'modelVersion',
  'prompt',
  'promptVersion',
  'policyId',
  'policyVersion',
  'currency',
  'escalation',
  'traceId',
  'runId',
  'sessionId',
  'prompt',
  'promptVersion',
] as const;

/** That what the search says of this decision is what its signed record says. */
export function checkProjection(row: DecisionRow, occurredAt: string, body: DecisionBody): Check {
  const base = {
    id: 'record.projection',
    title: 'Search row',
    compared: `${COLUMNS.length + 5} columns of the search with the signed record`,
    where: { stream: row.stream, position: row.position },
  };
  const signed = projectDecision(row.id, occurredAt, body).decision;
  if (!signed) return { ...base, verdict: 'invalid', code: 'projection_absent' };
  const differing = COLUMNS.find((column) => (signed[column] ?? null) !== row[column]);
  if (differing) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: `column ${differing} of the search with the signed record`,
      expected: String(signed[differing]),
      computed: String(row[differing]),
    };
  }
  // A line break stands before and after every guardrail, so that a search finds whole lines only.
  if ((signed.guardrails?.slice(1, -1) ?? '') !== row.guardrails.join('\n')) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: 'the guardrails in the search with the signed record',
      expected: String(signed.guardrails),
      computed: row.guardrails.join('\n'),
    };
  }
  if (row.occurredAt !== occurredAt) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: 'the time in the search with the signed record',
      expected: occurredAt,
      computed: row.occurredAt,
    };
  }
  const origin = body.origin?.protocol ?? null;
  if (row.origin !== origin) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: 'the origin in the search with the signed record',
      expected: String(origin),
      computed: String(row.origin),
    };
  }
  if (!sameAmount(signed.amount, row.amount)) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: 'the amount in the search with the signed record',
      expected: String(signed.amount),
      computed: String(row.amount),
    };
  }
  const guardrails = listGuardrailLines(signed.guardrails);
  if (
    guardrails.length !== row.guardrails.length ||
    guardrails.some((line, i) => line !== row.guardrails[i])
  ) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: 'the guardrails in the search with the signed record',
      expected: guardrails.join(', '),
      computed: row.guardrails.join(', '),
    };
  }
  return { ...base, verdict: 'valid' };
}

function sameAmount(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  const left = parseAmount(a);
  const right = parseAmount(b);
  return left.ok && right.ok && left.value === right.value;
}
