import { parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import type { Quorum } from '@/lib/escalations/escalation-view';
import { thresholdCurrency } from './find-unmeasurable';
import { matchesAny, mostSpecific } from './match-pattern';
import { type PolicyDocument, policyDocument } from './policy-document';

export const MAX_POLICY_BYTES = 262_144;

/**
 * Reads the text of a policy: strict I-JSON, the schema, and rules that can do what they say. `detail` names the field
 * or rule that is wrong, in words for its author.
 */
export function parsePolicyDocument(
  text: string,
): Result<PolicyDocument, 'policy_json' | 'policy_shape' | 'policy_rule'> {
  const json = parseJson(text, { maxDepth: 12, maxBytes: MAX_POLICY_BYTES });
  if (!json.ok) return err('policy_json', json.code);
  const parsed = policyDocument.safeParse(json.value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return err('policy_shape', `${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'invalid'}`);
  }
  const fault = findFault(parsed.data);
  return fault ? err('policy_rule', fault) : ok(parsed.data);
}

/** The first rule that contradicts the rest of the document, as a sentence; undefined when there is none. */
function findFault(document: PolicyDocument): string | undefined {
  return (
    findDuplicate(document) ??
    findUselessRule(document) ??
    findMixedCurrencies(document) ??
    findBadQuorum(document) ??
    findLateRaise(document)
  );
}

function findDuplicate(document: PolicyDocument): string | undefined {
  const lists: [string, readonly string[]][] = [
    ['grant', document.grants.map((entry) => entry.name)],
    ['tool', document.tools.map((entry) => entry.name)],
    ['budget', document.budgets.map((entry) => entry.name)],
    ['threshold', document.thresholds.map((entry) => entry.name)],
    ['tier', document.tiers.map((entry) => entry.tier)],
    ['counterparty class', (document.counterparties?.classes ?? []).map((entry) => entry.name)],
  ];
  for (const [kind, names] of lists) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) return `The ${kind} "${twice}" occurs twice.`;
  }
  return undefined;
}

/** A rule that names a tool outright must find there what it counts; a wildcard simply passes over such tools. */
function findUselessRule(document: PolicyDocument): string | undefined {
  const money = [
    ...document.budgets.filter((budget) => budget.measure === 'value'),
    ...document.thresholds.filter((threshold) => thresholdCurrency(document, threshold) !== null),
  ];
  for (const rule of money) {
    const without = rule.tools.find((name) => namesToolWithout(document, name, 'amount'));
    if (without) return `The rule "${rule.name}" counts money, but the tool "${without}" says no amount.`;
  }
  for (const rule of document.thresholds) {
    if (rule.on.kind !== 'per-counterparty' && rule.on.kind !== 'new-beneficiary') continue;
    const without = rule.tools.find((name) => namesToolWithout(document, name, 'counterparty'));
    if (without) return `The rule "${rule.name}" needs a counterparty, but the tool "${without}" names none.`;
  }
  return undefined;
}

function namesToolWithout(document: PolicyDocument, name: string, field: 'amount' | 'counterparty'): boolean {
  return !name.endsWith('*') && mostSpecific(document.tools, name)?.[field] === undefined;
}

/** Nothing converts, so all money rules of one tool count in one currency; else every action of it would be refused. */
function findMixedCurrencies(document: PolicyDocument): string | undefined {
  for (const tool of document.tools) {
    const currencies = new Set([
      ...document.budgets
        .filter((budget) => budget.measure === 'value' && matchesAny(budget.tools, tool.name))
        .map((budget) => budget.currency ?? document.currency),
      ...document.thresholds
        .filter((threshold) => matchesAny(threshold.tools, tool.name))
        .flatMap((threshold) => thresholdCurrency(document, threshold) ?? []),
    ]);
    if (tool.amount !== undefined && currencies.size > 1) {
      return `The rules for the tool "${tool.name}" count in different currencies.`;
    }
  }
  return undefined;
}

/** Only reviewers decide; a quorum of anyone else could never be reached. */
function findBadQuorum(document: PolicyDocument): string | undefined {
  const quorums: [string, Quorum | undefined][] = [
    ['review', document.review.quorum],
    ...[...document.budgets, ...document.thresholds].map((rule): [string, Quorum | undefined] => [
      rule.name,
      rule.quorum,
    ]),
    ...document.tiers.map((rule): [string, Quorum | undefined] => [rule.tier, rule.quorum]),
  ];
  for (const [name, quorum] of quorums) {
    if (quorum?.some(({ role }) => role !== 'reviewer' && role !== 'senior_reviewer')) {
      return `The quorum of "${name}" asks for people who cannot approve.`;
    }
  }
  return undefined;
}

/** What nobody took must still have time when it is raised. */
function findLateRaise({ review }: PolicyDocument): string | undefined {
  return review.escalateAfterMinutes !== undefined && review.escalateAfterMinutes >= review.waitMinutes
    ? 'An escalation would expire before it is raised: "escalateAfterMinutes" must be less than "waitMinutes".'
    : undefined;
}
