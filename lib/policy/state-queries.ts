/**
 * What a decision must know about earlier actions, as questions that the server answers from its tables and the pure
 * engine reads by key. An action counts for a rule exactly when the rule's tools match it, so an action that no such
 * rule matches asks nothing.
 */
import type { ActionFacts } from './action-facts';
import { matchesAny } from './match-pattern';
import type { PolicyBudget, PolicyDocument, PolicyThreshold } from './policy-document';
import { WINDOW_MS } from './policy-window';

/** Whose earlier actions count. */
export type StateScope =
  | 'tenant'
  | 'agent'
  | 'principal'
  | 'agent-principal'
  | 'counterparty'
  | 'principal-counterparty';

export type StateQuery = {
  key: string;
  /** Sum of amounts, number of actions, or number of distinct categories other than this action's. */
  measure: 'amount' | 'count' | 'other-categories';
  scope: StateScope;
  tools: readonly string[];
  windowMs: number;
  /** For `amount`: only uses in this currency. */
  currency?: string;
};

/** Answers by query key, as decimal strings. `available: false` when they could not be had. */
export type PolicyState =
  | { available: true; values: Readonly<Record<string, string>> }
  | { available: false };

export function budgetKey(budget: PolicyBudget): string {
  return `budget:${budget.name}`;
}

export function thresholdKey(threshold: PolicyThreshold): string {
  return `threshold:${threshold.name}`;
}

/** The questions for one action, in the order of the document. */
export function stateQueriesOf(document: PolicyDocument, facts: ActionFacts): StateQuery[] {
  const queries: StateQuery[] = [];
  for (const budget of document.budgets) {
    if (!matchesAny(budget.tools, facts.tool)) continue;
    const base = {
      key: budgetKey(budget),
      scope: budget.per,
      tools: budget.tools,
      windowMs: WINDOW_MS[budget.window],
    };
    if (budget.measure !== 'value') queries.push({ ...base, measure: 'count' });
    else if (facts.amount) {
      queries.push({ ...base, measure: 'amount', currency: budget.currency ?? document.currency });
    }
  }
  for (const threshold of document.thresholds) {
    if (!matchesAny(threshold.tools, facts.tool)) continue;
    const query = thresholdQuery(threshold, facts);
    if (query) queries.push(query);
  }
  return queries;
}

function thresholdQuery(threshold: PolicyThreshold, facts: ActionFacts): StateQuery | undefined {
  const { on, tools } = threshold;
  const key = thresholdKey(threshold);
  switch (on.kind) {
    case 'cumulative':
      if (!facts.amount) return undefined;
      return {
        key,
        measure: 'amount',
        scope: on.per,
        tools,
        windowMs: WINDOW_MS[on.window],
        currency: on.currency,
      };
    case 'per-counterparty':
      if (!facts.amount || facts.counterparty === null) return undefined;
      return {
        key,
        measure: 'amount',
        scope: 'counterparty',
        tools,
        windowMs: WINDOW_MS[on.window],
        currency: on.currency,
      };
    case 'new-beneficiary':
      if (facts.counterparty === null) return undefined;
      return {
        key,
        measure: 'count',
        scope: facts.principal ? 'principal-counterparty' : 'counterparty',
        tools,
        windowMs: WINDOW_MS[on.window],
      };
    case 'cross-category-burst':
      return {
        key,
        measure: 'other-categories',
        scope: facts.principal ? 'agent-principal' : 'agent',
        tools,
        windowMs: WINDOW_MS[on.window],
      };
    default:
      return undefined;
  }
}
