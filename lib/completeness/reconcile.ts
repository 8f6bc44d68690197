/**
 * A downstream system's list of what it did, against the decisions of the same time. Matched by the downstream id that
 * records reported; where a decision reported none, by amount and time, and only when exactly one row and one decision fit
 * each other: such a match is called likely, never certain.
 */
import { compareAmounts } from '@/lib/core/money';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import type { ListedAction } from './map-columns';

export const FINDINGS = [
  'action_without_decision',
  'action_despite_decision',
  'decision_without_action',
  'amount_differs',
  'time_differs',
  'listed_twice',
  'likely_match',
  'matched',
] as const;
export type ReconciliationFinding = (typeof FINDINGS)[number];

export interface ReconciledDecision {
  id: string;
  atMs: number;
  verdict: OutcomeVerdict;
  /** Allowed outright, or approved by people and redeemed. */
  permitted: boolean;
  /** Permitted, and not reported as failed: it should have led to an action. */
  executed: boolean;
  amount: string | null;
  currency: string | null;
  /** Downstream ids of this system that records reported for it. */
  downstream: readonly string[];
}

export interface ReconciledItem {
  finding: ReconciliationFinding;
  action: ListedAction | null;
  decision: ReconciledDecision | null;
}

/** @param decisions every decision that may concern the list: in its time, give or take the tolerance */
export function reconcile(
  actions: readonly ListedAction[],
  decisions: readonly ReconciledDecision[],
  options: {
    toleranceMs: number;
    /** Decisions outside of it may match, but are not missed. */
    expected: { fromMs: number; toMs: number };
  },
): ReconciledItem[] {
  const byDownstream = new Map<string, ReconciledDecision>();
  for (const decision of decisions) for (const id of decision.downstream) byDownstream.set(id, decision);
  const items: ReconciledItem[] = [];
  const met = new Set<string>();
  const seen = new Set<string>();
  const open: ListedAction[] = [];
  for (const action of actions) {
    const decision = byDownstream.get(action.id) ?? null;
    if (seen.has(action.id)) items.push({ finding: 'listed_twice', action, decision });
    else if (decision) {
      met.add(decision.id);
      items.push({ finding: compare(action, decision, options.toleranceMs), action, decision });
    } else open.push(action);
    seen.add(action.id);
  }
  const unreported = decisions.filter(
    ({ id, executed, downstream }) => executed && downstream.length === 0 && !met.has(id),
  );
  const likely = matchLikely(open, unreported, options.toleranceMs);
  for (const action of open) {
    const decision = likely.get(action.row) ?? null;
    if (decision) met.add(decision.id);
    items.push({ finding: decision ? 'likely_match' : 'action_without_decision', action, decision });
  }
  const { fromMs, toMs } = options.expected;
  for (const decision of decisions) {
    if (!decision.executed || met.has(decision.id) || decision.atMs < fromMs || decision.atMs >= toMs)
      continue;
    items.push({ finding: 'decision_without_action', action: null, decision });
  }
  const order = (item: ReconciledItem) => FINDINGS.indexOf(item.finding);
  return items.sort((a, b) => order(a) - order(b));
}

function compare(
  action: ListedAction,
  decision: ReconciledDecision,
  toleranceMs: number,
): ReconciliationFinding {
  if (!decision.permitted) return 'action_despite_decision';
  if (action.amount !== null && decision.amount !== null && !isSameAmount(action, decision))
    return 'amount_differs';
  if (action.atMs !== null && Math.abs(action.atMs - decision.atMs) > toleranceMs) return 'time_differs';
  return 'matched';
}

function isSameAmount(action: ListedAction, decision: ReconciledDecision): boolean {
  const order = compareAmounts(action.amount ?? '', decision.amount ?? '');
  return order.ok && order.value === 0 && (action.currency === null || action.currency === decision.currency);
}

/**
 * Rows and decisions of one amount that are the only ones to fit each other, by row. Many have the same amount within the
 * same hours, so that each side is sorted by time once and only looked up.
 */
function matchLikely(
  actions: readonly ListedAction[],
  decisions: readonly ReconciledDecision[],
  toleranceMs: number,
): Map<number, ReconciledDecision> {
  const timed = actions.flatMap(({ atMs, ...action }) => (atMs === null ? [] : [{ ...action, atMs }]));
  const rows = sortByAmount(timed);
  const decided = sortByAmount(decisions);
  const likely = new Map<number, ReconciledDecision>();
  for (const [key, listed] of rows) {
    const candidates = decided.get(key) ?? [];
    for (const { row, atMs } of listed) {
      const decision = onlyOneNear(candidates, atMs, toleranceMs);
      if (decision && onlyOneNear(listed, decision.atMs, toleranceMs)?.row === row) likely.set(row, decision);
    }
  }
  return likely;
}

type Timed = { atMs: number; amount: string | null; currency: string | null };

/** By amount, each in order of time; what has no amount or no currency is left out. */
function sortByAmount<T extends Timed>(items: readonly T[]): Map<string, T[]> {
  const sorted = new Map<string, T[]>();
  for (const item of [...items].sort((a, b) => a.atMs - b.atMs)) {
    const key = amountKey(item);
    if (key === null) continue;
    const known = sorted.get(key);
    if (known) known.push(item);
    else sorted.set(key, [item]);
  }
  return sorted;
}

/** The one item within the tolerance; undefined where there is none or another. @param sorted by time */
function onlyOneNear<T extends Timed>(
  sorted: readonly T[],
  atMs: number,
  toleranceMs: number,
): T | undefined {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as T).atMs < atMs - toleranceMs) from = middle + 1;
    else to = middle;
  }
  const [first, second] = [sorted[from], sorted[from + 1]];
  const isNear = (item: T | undefined) => item !== undefined && item.atMs <= atMs + toleranceMs;
  return isNear(first) && !isNear(second) ? first : undefined;
}

function amountKey({ amount, currency }: Pick<Timed, 'amount' | 'currency'>): string | null {
  if (amount === null || currency === null) return null;
  return `${currency} ${amount.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}`;
}
