/** Why no record was made from a span. The list is closed; a sentence names attributes, never what stands in them. */
export const SPAN_REFUSALS = {
  span_malformed: 'The span has no valid trace id, span id and end time, or too many attributes.',
  not_genai: 'The span has no gen_ai.operation.name.',
  not_audit_grade: 'The span is not marked countersign.audit = true by its producer.',
  time_implausible: 'The span ends in the future.',
  span_too_old: 'The span ended longer ago than this bridge remembers spans.',
  agent_missing: 'gen_ai.agent.id, gen_ai.agent.name or gen_ai.agent.version is missing or malformed.',
  subjects_missing: 'countersign.subjects is missing, or is no list of type=tok_… .',
  principal_malformed: 'countersign.principal is no type=tok_… .',
  action_missing: 'gen_ai.tool.name and countersign.action.name are missing or malformed.',
  action_malformed: 'One of the countersign.action.* attributes is incomplete or malformed.',
  tier_missing: 'countersign.tier is missing or is none of reversible, bounded, unbounded.',
  outcome_missing: 'countersign.outcome is missing or is none of allow, refuse, escalate, defer.',
  source_missing: 'countersign.source is missing or is none of gateway, framework.',
  control_missing: 'countersign.control is missing for an outcome other than allow, or is no control.',
  rule_missing: 'countersign.rule is missing for an outcome other than allow, or is malformed.',
  reason_missing: 'countersign.reason_code is missing or malformed.',
  correlation_malformed: 'gen_ai.conversation.id, countersign.run_id or countersign.parents is malformed.',
  model_incomplete:
    'gen_ai.provider.name, gen_ai.request.model and gen_ai.response.model do not all stand there, or are malformed.',
  prompt_incomplete:
    'countersign.prompt.template, .version and .digest do not all stand there, or are malformed.',
  policy_incomplete: 'countersign.policy.id, .version and .digest do not all stand there, or are malformed.',
  retrieval_incomplete:
    'countersign.retrieval.index and .version, or an item event, are incomplete or malformed.',
  guardrail_incomplete: 'A countersign.guardrail event is incomplete or malformed.',
  identifier_suspected: 'A value looks like the real identifier of a person or an account.',
  record_too_large: 'The record would be larger than 64 KiB.',
  span_conflict: 'Another span under this trace id and span id has been recorded.',
} as const;

export type SpanRefusal = keyof typeof SPAN_REFUSALS;
