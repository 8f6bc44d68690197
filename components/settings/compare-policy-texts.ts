import { err, ok, type Result } from '@/lib/core/result';
import { compareRules, describeRuleChange, type RuleChange } from '@/lib/policy/compare-rules';
import { parsePolicyDocument } from '@/lib/policy/parse-policy-document';

export interface PolicyDifference {
  changes: { change: RuleChange['change']; words: string }[];
}

/** What a new text changes about the one in force, rule by rule; or the fault that keeps it from being published. */
export function comparePolicyTexts(
  before: string | null,
  after: string,
): Result<PolicyDifference, 'policy_invalid'> {
  const next = parsePolicyDocument(after);
  if (!next.ok) return err('policy_invalid', next.detail);
  const old = before === null ? null : parsePolicyDocument(before);
  const changes = compareRules(old?.ok ? old.value : null, next.value);
  return ok({
    changes: changes.map((change) => ({ change: change.change, words: describeRuleChange(change) })),
  });
}
