import type { ActionFacts } from './action-facts';
import { matchesAny, mostSpecific } from './match-pattern';
import type { PolicyDocument, PolicyThreshold } from './policy-document';
import type { PolicyReason } from './policy-reason';
import { stateQueriesOf } from './state-queries';

/**
 * What the rules that match this tool need and the action does not give, or null. Every money rule must count in the
 * action's own currency (nothing converts): otherwise a foreign amount would pass under limits that never saw it.
 */
export function findUnmeasurable(document: PolicyDocument, facts: ActionFacts): PolicyReason | null {
  const { amount } = facts;
  if (amount) {
    const ruled = ruleCurrencies(document, facts.tool);
    const fits =
      ruled.length > 0
        ? ruled.every((currency) => currency === amount.currency)
        : plainCurrencies(document, facts.tool).includes(amount.currency);
    if (!fits) return 'currency_foreign';
  }
  for (const query of stateQueriesOf(document, facts)) {
    if (query.scope === 'principal' && !facts.principal) return 'principal_missing';
  }
  return null;
}

/** The currency in which a threshold counts, or null when it counts no money. */
export function thresholdCurrency(document: PolicyDocument, threshold: PolicyThreshold): string | null {
  const { on } = threshold;
  switch (on.kind) {
    case 'per-action':
    case 'cumulative':
    case 'per-counterparty':
      return on.currency;
    case 'new-beneficiary':
      return on.above === undefined ? null : (on.currency ?? document.currency);
    default:
      return null;
  }
}

function ruleCurrencies(document: PolicyDocument, tool: string): string[] {
  const budgets = document.budgets
    .filter((budget) => budget.measure === 'value' && matchesAny(budget.tools, tool))
    .map((budget) => budget.currency ?? document.currency);
  const thresholds = document.thresholds
    .filter((threshold) => matchesAny(threshold.tools, tool))
    .flatMap((threshold) => thresholdCurrency(document, threshold) ?? []);
  return [...budgets, ...thresholds];
}

/** Without any money rule: the policy's currency, or the tool's own default. */
function plainCurrencies(document: PolicyDocument, tool: string): string[] {
  const entry = mostSpecific(document.tools, tool);
  return entry?.defaultCurrency ? [document.currency, entry.defaultCurrency] : [document.currency];
}
