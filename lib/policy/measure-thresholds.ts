import type { JsonValue } from '@/lib/core/json';
import { formatAmount, parseAmount } from '@/lib/core/money';
import type { Measured } from '@/lib/escalations/escalation-view';
import type { Action } from '@/lib/tokens/action';
import type { ActionFacts } from './action-facts';
import { resolvePointer } from './json-pointer';
import { matchesAny } from './match-pattern';
import type { PolicyDocument, PolicyThreshold } from './policy-document';
import type { PolicyFinding, PolicyFindings } from './policy-finding';
import type { PolicyReason } from './policy-reason';
import { WINDOW_WORDS } from './policy-window';
import { thresholdKey } from './state-queries';

type Fired = { reasonCode: PolicyReason; measured: Omit<Measured, 'name'> };
type Outcome = Fired | 'holds' | 'unreadable' | 'state-missing';

/** The thresholds that the action passes. At the bound is within it; a value that cannot be read refuses. */
export function measureThresholds(
  document: PolicyDocument,
  action: Action,
  facts: ActionFacts,
  values: Readonly<Record<string, string>>,
): PolicyFindings {
  const findings: PolicyFinding[] = [];
  let stateMissing = false;
  for (const threshold of document.thresholds) {
    if (!matchesAny(threshold.tools, facts.tool)) continue;
    const outcome = measure(threshold, action, facts, values[thresholdKey(threshold)]);
    if (outcome === 'holds') continue;
    if (outcome === 'state-missing') stateMissing = true;
    else if (outcome === 'unreadable') findings.push(unreadable(threshold));
    else {
      findings.push({
        verdict: threshold.then,
        control: 'threshold',
        rule: threshold.name,
        reasonCode: outcome.reasonCode,
        ...(threshold.quorum ? { quorum: threshold.quorum } : {}),
        measured: { name: threshold.name, ...outcome.measured },
      });
    }
  }
  return { findings, stateMissing };
}

function measure(
  threshold: PolicyThreshold,
  action: Action,
  facts: ActionFacts,
  answer: string | undefined,
): Outcome {
  const { on } = threshold;
  switch (on.kind) {
    case 'per-action': {
      if (!facts.amount || !isAbove(facts.amount.amount, on.above)) return 'holds';
      return fired(
        'amount_above',
        facts.amount.amount,
        on.above,
        on.currency,
        'The amount is above the limit for one action.',
      );
    }
    case 'cumulative':
    case 'per-counterparty': {
      if (!facts.amount || (on.kind === 'per-counterparty' && facts.counterparty === null)) return 'holds';
      const total = sum(answer, facts.amount.amount);
      if (total === undefined) return 'state-missing';
      if (!isAbove(total, on.above)) return 'holds';
      const whose =
        on.kind === 'cumulative' ? `the ${on.per} would reach` : 'this counterparty would receive';
      return fired(
        on.kind === 'cumulative' ? 'cumulative_above' : 'counterparty_above',
        total,
        on.above,
        on.currency,
        `With this action ${whose} ${total} ${on.currency} within ${WINDOW_WORDS[on.window]}.`,
      );
    }
    case 'new-beneficiary': {
      if (facts.counterparty === null) return 'holds';
      if (on.above !== undefined && (!facts.amount || !isAbove(facts.amount.amount, on.above)))
        return 'holds';
      const count = countOf(answer);
      if (count === undefined) return 'state-missing';
      if (count > 0n) return 'holds';
      return fired(
        'new_beneficiary',
        '0',
        undefined,
        'earlier actions',
        `No earlier action ${facts.principal ? `of this ${facts.principal.type} ` : ''}to this counterparty within ${WINDOW_WORDS[on.window]}.`,
      );
    }
    case 'cross-category-burst': {
      const others = countOf(answer);
      if (others === undefined) return 'state-missing';
      const categories = others + 1n;
      if (categories < BigInt(on.categories)) return 'holds';
      return fired(
        'category_burst',
        String(categories),
        String(on.categories),
        'categories',
        `This agent has acted in ${categories} categories within ${WINDOW_WORDS[on.window]}.`,
      );
    }
    case 'unknown-runtime': {
      if (facts.runtime !== null && on.known.includes(facts.runtime)) return 'holds';
      return fired(
        'runtime_unknown',
        facts.runtime ?? 'none',
        undefined,
        'runtime',
        'The agent runs where this policy does not know it.',
      );
    }
    case 'value-below':
    case 'value-above': {
      const value = numberAt(action, on.pointer);
      if (value === undefined) return 'unreadable';
      const bound = on.kind === 'value-below' ? on.below : on.above;
      if (on.kind === 'value-below' ? !isAbove(bound, value) : !isAbove(value, bound)) return 'holds';
      return fired(
        on.kind === 'value-below' ? 'value_below' : 'value_above',
        value,
        bound,
        nameOf(on.pointer),
        `${nameOf(on.pointer)} is ${on.kind === 'value-below' ? 'below' : 'above'} its bound.`,
      );
    }
    case 'value-not-in': {
      const value = resolvePointer(action as JsonValue, on.pointer);
      if (typeof value === 'string' && on.values.includes(value)) return 'holds';
      // The value itself may be an account or a name: it stays in the action.
      const shown = typeof value === 'string' ? 'not listed' : 'no text';
      return fired(
        'value_not_listed',
        shown,
        undefined,
        nameOf(on.pointer),
        `${nameOf(on.pointer)} is not on the list of this rule.`,
      );
    }
    case 'always':
      return fired(
        'always_reviewed',
        '1',
        undefined,
        'actions',
        'This rule applies to every action of this tool.',
      );
  }
}

function fired(
  reasonCode: PolicyReason,
  measured: string,
  limit: string | undefined,
  unit: string,
  explanation: string,
): Fired {
  return { reasonCode, measured: { measured, ...(limit === undefined ? {} : { limit }), unit, explanation } };
}

function unreadable(threshold: PolicyThreshold): PolicyFinding {
  return {
    verdict: 'refuse',
    control: 'containment',
    rule: threshold.name,
    reasonCode: 'value_unreadable',
    measured: {
      name: threshold.name,
      measured: 'unreadable',
      unit: 'value',
      explanation: 'The action does not carry the number that this rule needs.',
    },
  };
}

/** Both are decimal strings already read once; an unreadable one counts as above, so that the rule fires. */
function isAbove(amount: string, bound: string): boolean {
  const left = parseAmount(amount);
  const right = parseAmount(bound);
  return !left.ok || !right.ok || left.value > right.value;
}

function sum(answer: string | undefined, amount: string): string | undefined {
  const before = parseAmount(answer ?? '');
  const now = parseAmount(amount);
  return before.ok && now.ok && before.value >= 0n ? formatAmount(before.value + now.value) : undefined;
}

function countOf(answer: string | undefined): bigint | undefined {
  return answer !== undefined && /^\d{1,15}$/.test(answer) ? BigInt(answer) : undefined;
}

/** A decimal string or integer at a pointer; negative ones are numbers too. */
function numberAt(action: Action, pointer: string): string | undefined {
  const value = resolvePointer(action as JsonValue, pointer);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return parseAmount(String(value)).ok ? String(value) : undefined;
}

function nameOf(pointer: string): string {
  return pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}
