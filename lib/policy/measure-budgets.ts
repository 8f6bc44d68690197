import { formatAmount, parseAmount } from '@/lib/core/money';
import type { BudgetState } from '@/lib/escalations/escalation-view';
import type { ActionFacts } from './action-facts';
import { matchesAny } from './match-pattern';
import type { PolicyBudget, PolicyDocument } from './policy-document';
import type { PolicyFinding, PolicyFindings } from './policy-finding';
import { WINDOW_WORDS } from './policy-window';
import { budgetKey } from './state-queries';

/** Every budget that the action draws on, and those that it would exceed. At the limit is within it. */
export function measureBudgets(
  document: PolicyDocument,
  facts: ActionFacts,
  values: Readonly<Record<string, string>>,
): PolicyFindings & { states: BudgetState[] } {
  const states: BudgetState[] = [];
  const findings: PolicyFinding[] = [];
  let stateMissing = false;
  for (const budget of document.budgets) {
    if (!matchesAny(budget.tools, facts.tool)) continue;
    if (budget.measure === 'value' && !facts.amount) continue;
    const state = budgetState(document, budget, facts, values[budgetKey(budget)]);
    if (!state) {
      stateMissing = true;
      continue;
    }
    states.push(state);
    const after = unitsOf(state.used) + unitsOf(state.thisAction);
    if (after > unitsOf(state.limit)) findings.push(exceeded(budget, state, after));
  }
  return { states, findings, stateMissing };
}

function budgetState(
  document: PolicyDocument,
  budget: PolicyBudget,
  facts: ActionFacts,
  used: string | undefined,
): BudgetState | undefined {
  const read = parseAmount(used ?? '');
  if (!read.ok || read.value < 0n) return undefined;
  const money = budget.measure === 'value';
  return {
    name: budget.name,
    measure: budget.measure,
    window: budget.window,
    unit: money ? (budget.currency ?? document.currency) : 'actions',
    used: money ? formatAmount(read.value) : String(used),
    thisAction: money ? (facts.amount?.amount ?? '0.00') : '1',
    limit: budget.limit,
  };
}

function exceeded(budget: PolicyBudget, state: BudgetState, after: bigint): PolicyFinding {
  const total = state.unit === 'actions' ? String(after / 10_000n) : formatAmount(after);
  return {
    verdict: budget.over,
    control: 'budget',
    rule: budget.name,
    reasonCode: `${budget.measure}_budget_exceeded`,
    ...(budget.quorum ? { quorum: budget.quorum } : {}),
    measured: {
      name: budget.name,
      measured: total,
      limit: budget.limit,
      unit: state.unit,
      explanation: `With this action the ${budget.per} would reach ${total} ${state.unit} within ${WINDOW_WORDS[budget.window]}; the budget is ${budget.limit}.`,
    },
  };
}

/** Units of 1/10,000 of a string that this module itself or the document's schema has made. */
function unitsOf(text: string): bigint {
  const units = parseAmount(text);
  return units.ok ? units.value : 0n;
}
