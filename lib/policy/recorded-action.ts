/**
 * A past action as far as its decision record tells it. Records hold what a decision needs to be found and proven, not
 * the action's parameters: whatever a rule reads elsewhere is unknown, and is said to be.
 */
import type { JsonObject, JsonValue } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import { resolvePointer } from './json-pointer';
import { matchesAny, mostSpecific } from './match-pattern';
import type { PolicyDocument, PolicyThreshold } from './policy-document';

export interface RecordedFacts {
  agent: string;
  runtime: string | null;
  /** Subject token. */
  principal: string | null;
  tool: string;
  /** `type:id`, or null. */
  resource: string | null;
  amount: string | null;
  currency: string | null;
}

export type Unrecorded = 'amount_unrecorded' | 'currency_unrecorded' | 'runtime_unrecorded';

export interface RecordedAction {
  action: Action;
  /** Thresholds that read something which the record does not hold. */
  unknown: ReadonlySet<string>;
}

/** Never a real counterparty: a name that no record may have (ids hold no blanks). */
const PLACEHOLDER = 'not recorded';

/** The action as this document would read it, or what keeps it from being read at all. */
export function readRecordedAction(
  document: PolicyDocument,
  facts: RecordedFacts,
): RecordedAction | Unrecorded {
  const [type = '', ...rest] = (facts.resource ?? '').split(':');
  const action: Action = {
    subject: { type: 'agent', id: facts.agent },
    action: { name: facts.tool, properties: {} },
    resource: { type: type || PLACEHOLDER, id: rest.join(':') || PLACEHOLDER },
    context: {
      ...(facts.principal === null ? {} : { principal: { type: 'principal', token: facts.principal } }),
      ...(facts.runtime === null ? {} : { runtime: facts.runtime }),
    },
  };
  const tool = mostSpecific(document.tools, facts.tool);
  if (tool?.amount !== undefined) {
    if (facts.amount === null || !place(action, tool.amount, facts.amount)) return 'amount_unrecorded';
    if (tool.currency !== undefined && !place(action, tool.currency, facts.currency ?? undefined))
      return 'currency_unrecorded';
  }
  if (facts.runtime === null && document.grants.some((grant) => restrictsRuntime(grant, facts)))
    return 'runtime_unrecorded';
  const counterpartyKnown =
    tool?.counterparty === undefined || isRecorded(resolvePointer(action as JsonValue, tool.counterparty));
  if (tool?.counterparty !== undefined && !counterpartyKnown) place(action, tool.counterparty, PLACEHOLDER);
  const unknown = document.thresholds.filter(
    (threshold) =>
      matchesAny(threshold.tools, facts.tool) && !isReadable(threshold, action, facts, counterpartyKnown),
  );
  return { action, unknown: new Set(unknown.map(({ name }) => name)) };
}

const isRecorded = (value: JsonValue | undefined): boolean => value !== undefined && value !== PLACEHOLDER;

function restrictsRuntime(grant: PolicyDocument['grants'][number], facts: RecordedFacts): boolean {
  return (
    grant.runtimes !== undefined &&
    matchesAny(grant.agents, facts.agent) &&
    matchesAny(grant.tools, facts.tool)
  );
}

function isReadable(
  { on }: PolicyThreshold,
  action: Action,
  facts: RecordedFacts,
  counterpartyKnown: boolean,
): boolean {
  switch (on.kind) {
    case 'per-counterparty':
    case 'new-beneficiary':
      return counterpartyKnown;
    case 'unknown-runtime':
      return facts.runtime !== null;
    case 'value-below':
    case 'value-above':
    case 'value-not-in':
      return isRecorded(resolvePointer(action as JsonValue, on.pointer));
    default:
      return true;
  }
}

/** Puts a value where a pointer reads it, making the objects on the way; false where something else stands there. */
function place(action: Action, pointer: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  const names = pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  if (last === undefined || names.length === 0) return false;
  let at = action as unknown as JsonObject;
  for (const name of names) {
    if (name === '__proto__') return false;
    if (!Object.hasOwn(at, name)) at[name] = {};
    const next = at[name];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) return false;
    at = next as JsonObject;
  }
  if (last === '__proto__' || (Object.hasOwn(at, last) && at[last] !== PLACEHOLDER)) return false;
  at[last] = value;
  return true;
}
