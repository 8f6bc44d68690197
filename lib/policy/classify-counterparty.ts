import type { Action } from '@/lib/tokens/action';
import { type ActionReading, textAt } from './action-facts';
import { matchesAny } from './match-pattern';
import type { PolicyDocument } from './policy-document';
import { WINDOW_MS } from './policy-window';

/** The classes that limits of authority may name under this policy. */
export function listCounterpartyClasses(document: PolicyDocument): string[] {
  return [...(document.counterparties?.classes ?? []).map(({ name }) => name), 'known', 'new'];
}

/** How long after an action its counterparty counts as known, in milliseconds. */
export function knownWithinMs(document: PolicyDocument): number {
  return WINDOW_MS[document.counterparties?.knownWithin ?? 'P90D'];
}

/**
 * The class of whom an action concerns: the first of the policy's list that fits, else `known` or `new`; null when it
 * concerns nobody. What the action names is the agent's word, so a class narrows authority and never lifts a rule.
 */
export function classifyCounterparty(
  document: PolicyDocument,
  action: Action,
  { tool, facts }: ActionReading,
  isKnown: boolean,
): string | null {
  const key = facts.counterparty;
  if (key === null) return null;
  const named = textAt(action, tool?.counterparty);
  const listed = document.counterparties?.classes.find(
    ({ patterns, digests }) => digests.includes(key) || (named !== undefined && matchesAny(patterns, named)),
  );
  return listed?.name ?? (isKnown ? 'known' : 'new');
}
