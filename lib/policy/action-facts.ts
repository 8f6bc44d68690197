/**
 * What the policy reads out of an action. Everything in an action is attacker-controlled: a fact is either read
 * exactly or is a problem, and a problem refuses the action.
 */
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { isSubjectToken } from '@/lib/core/id';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import { parseAmount } from '@/lib/core/money';
import { err, ok, type Result } from '@/lib/core/result';
import type { Tier } from '@/lib/decisions/record-payload';
import type { Action } from '@/lib/tokens/action';
import { resolvePointer } from './json-pointer';
import { mostSpecific } from './match-pattern';
import type { PolicyDocument, PolicyTool } from './policy-document';
import type { PolicyReason } from './policy-reason';

export type ActionFacts = {
  agent: string;
  principal: { type: string; token: string } | null;
  runtime: string | null;
  tool: string;
  tier: Tier;
  category: string;
  /** Null for a tool that moves no money. */
  amount: { amount: string; currency: string } | null;
  /** An opaque key of whom the action concerns (a digest: account numbers do not spread into tables), or null. */
  counterparty: string | null;
};

export type ActionReading = {
  /** The policy's entry for the tool; null when the policy does not know it. */
  tool: PolicyTool | null;
  facts: ActionFacts;
  /** The first thing that could not be read. Rules that need facts must not run then. */
  problem: PolicyReason | null;
};

/** Larger amounts are refused: sums over a window stay exact in every column and on every page. */
const MAX_INTEGER_DIGITS = 15;

/** Reads an action by the policy's tool table. An unknown tool counts as irreversible and unbounded. */
export function readAction(document: PolicyDocument, action: Action): ActionReading {
  const tool = mostSpecific(document.tools, action.action.name) ?? null;
  const principal = readPrincipal(action.context);
  const runtime = action.context.runtime;
  const facts: ActionFacts = {
    agent: action.subject.id,
    principal: principal.ok ? principal.value : null,
    runtime: typeof runtime === 'string' ? runtime : null,
    tool: action.action.name,
    tier: tool?.tier ?? 'unbounded',
    category: tool?.category ?? 'unknown',
    amount: null,
    counterparty: null,
  };
  if (!tool) return { tool, facts, problem: 'tool_unknown' };
  if (!principal.ok) return { tool, facts, problem: principal.code };
  const amount = readAmount(document, tool, action);
  if (!amount.ok) return { tool, facts, problem: amount.code };
  const counterparty = textAt(action, tool.counterparty);
  if (counterparty === undefined && tool.counterparty !== undefined && !tool.counterpartyMayBeAbsent) {
    return { tool, facts, problem: 'counterparty_missing' };
  }
  return {
    tool,
    facts: {
      ...facts,
      amount: amount.value,
      counterparty: counterparty === undefined ? null : counterpartyKey(counterparty),
    },
    problem: null,
  };
}

/** The opaque key under which uses of a counterparty are counted. */
export function counterpartyKey(counterparty: string): string {
  return `cp_${formatHex(sha256(utf8(`countersign/counterparty/v1\n${counterparty}`))).slice(0, 32)}`;
}

/** The text at a pointer: a non-empty string of at most 512 characters, or an integer printed; else undefined. */
export function textAt(action: Action, pointer: string | undefined): string | undefined {
  if (pointer === undefined) return undefined;
  const value = resolvePointer(action as JsonValue, pointer);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length > 0 && value.length <= 512 ? value : undefined;
}

function readPrincipal(context: JsonObject): Result<ActionFacts['principal'], 'principal_garbled'> {
  const value = context.principal;
  if (value === undefined) return ok(null);
  if (!isJsonObject(value)) return err('principal_garbled');
  const { type, token } = value;
  if (typeof type !== 'string' || type.length === 0 || type.length > 256) return err('principal_garbled');
  if (typeof token !== 'string' || !isSubjectToken(token)) return err('principal_garbled');
  return ok({ type, token });
}

type AmountProblem =
  | 'amount_missing'
  | 'amount_garbled'
  | 'amount_negative'
  | 'amount_too_large'
  | 'currency_missing'
  | 'currency_garbled';

function readAmount(
  document: PolicyDocument,
  tool: PolicyTool,
  action: Action,
): Result<ActionFacts['amount'], AmountProblem> {
  if (tool.amount === undefined) return ok(null);
  const value = resolvePointer(action as JsonValue, tool.amount);
  if (value === undefined || value === null) {
    return tool.amountMayBeAbsent ? ok(null) : err('amount_missing');
  }
  if (typeof value !== 'string' && typeof value !== 'number') return err('amount_garbled');
  const amount = String(value);
  const units = parseAmount(amount);
  if (!units.ok) return err(units.code === 'amount_too_large' ? 'amount_too_large' : 'amount_garbled');
  if (units.value < 0n) return err('amount_negative');
  if (amount.split('.')[0]!.length > MAX_INTEGER_DIGITS) return err('amount_too_large');
  const currency = readCurrency(document, tool, action);
  return currency.ok ? ok({ amount, currency: currency.value }) : currency;
}

function readCurrency(
  document: PolicyDocument,
  tool: PolicyTool,
  action: Action,
): Result<string, 'currency_missing' | 'currency_garbled'> {
  if (tool.currency === undefined) return ok(tool.defaultCurrency ?? document.currency);
  const value = resolvePointer(action as JsonValue, tool.currency);
  if (value === undefined) return tool.defaultCurrency ? ok(tool.defaultCurrency) : err('currency_missing');
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? ok(value) : err('currency_garbled');
}
