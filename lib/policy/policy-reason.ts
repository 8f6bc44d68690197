/** The closed list of reasons that the policy engine gives; they appear in records, answers and rates. */
export const POLICY_REASONS = [
  'within_authority',
  // grant
  'agent_not_granted',
  'tool_not_granted',
  'runtime_not_granted',
  // containment: what the decision needs cannot be read
  'tool_unknown',
  'amount_missing',
  'amount_garbled',
  'amount_negative',
  'amount_too_large',
  'currency_missing',
  'currency_garbled',
  'currency_foreign',
  'counterparty_missing',
  'principal_missing',
  'principal_garbled',
  'value_unreadable',
  'state_unavailable',
  // budget
  'value_budget_exceeded',
  'volume_budget_exceeded',
  'velocity_budget_exceeded',
  // threshold
  'amount_above',
  'cumulative_above',
  'counterparty_above',
  'new_beneficiary',
  'category_burst',
  'runtime_unknown',
  'value_below',
  'value_above',
  'value_not_listed',
  'always_reviewed',
  // reversibility
  'tier_needs_review',
] as const;
export type PolicyReason = (typeof POLICY_REASONS)[number];
