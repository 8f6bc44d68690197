import { formatAmount as formatMoney } from '@/components/ui/format-amount';
import { formatAmount, parseAmount } from '@/lib/core/money';
import type { BudgetState, Measured } from '@/lib/escalations/escalation-view';

const WINDOWS: Record<string, string> = {
  PT1H: 'an hour',
  P1D: 'a day',
  P7D: 'in 7 days',
  P30D: 'in 30 days',
  P90D: 'in 90 days',
};
const MEASURES = { value: 'Value', volume: 'Volume', velocity: 'Velocity' } as const;

/** A decimal with its unit: money for an ISO 4217 code, otherwise the number and the word. */
export function formatMeasure(value: string, unit: string): string {
  if (/^[A-Z]{3}$/.test(unit)) return formatMoney(value, unit);
  const number = value.replace(/^(-?\d+)\.0+$/, '$1').replace(/\B(?=(\d{3})+$)/g, isWhole(value) ? ',' : '');
  return unit === '' ? number : `${number} ${unit}`;
}

function isWhole(value: string): boolean {
  return /^-?\d+(\.0+)?$/.test(value);
}

/** An ISO 8601 window in words; one we have no words for stays as it is. */
export function formatWindow(window: string): string {
  return WINDOWS[window] ?? window;
}

/** A budget before and after this action: shares 0 to 1 for the eye, exact words for the mind. */
export type BudgetWords = {
  title: string;
  window: string;
  limit: string;
  used: number;
  action: number;
  before: string;
  after: string;
};

/** Null when a figure cannot be read as a decimal: the caller then shows the figures as they came. */
export function budgetWords(budget: BudgetState): BudgetWords | null {
  const used = parseAmount(budget.used);
  const thisAction = parseAmount(budget.thisAction);
  const limit = parseAmount(budget.limit);
  if (!used.ok || !thisAction.ok || !limit.ok) return null;
  const before = limit.value - used.value;
  const after = before - thisAction.value;
  const share = (value: bigint) =>
    limit.value <= 0n ? 1 : Math.max(0, Math.min(1, Number((value * 10_000n) / limit.value) / 10_000));
  const left = (value: bigint) =>
    value < 0n
      ? `${formatMeasure(formatAmount(-value), budget.unit)} over`
      : formatMeasure(formatAmount(value), budget.unit);
  return {
    title: MEASURES[budget.measure],
    window: formatWindow(budget.window),
    limit: `${formatMeasure(budget.limit, budget.unit)} ${formatWindow(budget.window)}`,
    used: share(used.value),
    action: share(thisAction.value),
    before: left(before),
    after: left(after),
  };
}

/** By how much a measured value passes its limit: "₹3,500.00 over", "0.09 under"; null where that says nothing. */
export function formatExcess({ measured, limit, unit }: Measured): string | null {
  if (limit === undefined) return null;
  const value = parseAmount(measured);
  const bound = parseAmount(limit);
  if (!value.ok || !bound.ok || value.value === bound.value) return null;
  const difference = value.value - bound.value;
  const magnitude = formatAmount(difference < 0n ? -difference : difference);
  return `${formatMeasure(magnitude, unit)} ${difference > 0n ? 'over' : 'under'}`;
}
