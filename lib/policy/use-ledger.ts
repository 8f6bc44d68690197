/**
 * What was used before, for whoever plays the past again: the answers that a decision's state queries would have had at
 * any moment, from uses given in order of time. Windows only move forward, so that every use enters and leaves each
 * running sum once, however many decisions ask.
 */
import { formatAmount, parseAmount } from '@/lib/core/money';
import type { ActionFacts } from './action-facts';
import { matchesAny } from './match-pattern';
import type { PolicyDocument } from './policy-document';
import { type StateQuery, stateQueriesOf } from './state-queries';

export interface PastUse {
  evaluation: string;
  atMs: number;
  agent: string;
  /** Empty when the action named none. */
  principal: string;
  tool: string;
  category: string;
  counterparty: string | null;
  /** A decimal string. */
  amount: string | null;
  currency: string | null;
}

interface Entry {
  evaluation: string;
  atMs: number;
  units: bigint;
  category: string;
}

/** One running sum: the uses of one scope that one rule counts. */
class Running {
  private readonly entries: Entry[] = [];
  private head = 0;
  private units = 0n;
  private readonly categories = new Map<string, number>();

  add(entry: Entry): void {
    this.entries.push(entry);
    this.count(entry, 1);
  }

  /** Everything used after `sinceMs`, without what the asking evaluation used itself. */
  answer(measure: StateQuery['measure'], sinceMs: number, own: string | null, category: string): string {
    for (
      let first = this.entries[this.head];
      first && first.atMs <= sinceMs;
      first = this.entries[this.head]
    ) {
      this.count(first, -1);
      this.head += 1;
    }
    if (this.head > 4_096) {
      this.entries.splice(0, this.head);
      this.head = 0;
    }
    const mine = own === null ? undefined : this.findOwn(own);
    if (measure === 'amount') return formatAmount(this.units - (mine?.units ?? 0n));
    if (measure === 'count') return String(this.entries.length - this.head - (mine ? 1 : 0));
    const others = [...this.categories].filter(
      ([name, n]) => name !== category && n - (mine?.category === name ? 1 : 0) > 0,
    );
    return String(others.length);
  }

  /** An evaluation's own use is among the last: it was taken in the moment in which it was decided. */
  private findOwn(evaluation: string): Entry | undefined {
    const from = Math.max(this.head, this.entries.length - 64);
    return this.entries.slice(from).find((entry) => entry.evaluation === evaluation);
  }

  private count(entry: Entry, sign: 1 | -1): void {
    this.units += sign === 1 ? entry.units : -entry.units;
    const n = (this.categories.get(entry.category) ?? 0) + sign;
    if (n === 0) this.categories.delete(entry.category);
    else this.categories.set(entry.category, n);
  }
}

const NOBODY = { agent: '', runtime: null, tier: 'reversible', category: '' } as const;

/** Every question that the rules of a document may ask of any action of a tool that they match. */
function questionsOf(document: PolicyDocument): StateQuery[] {
  const found = new Map<string, StateQuery>();
  for (const { tools } of [...document.budgets, ...document.thresholds]) {
    for (const tool of tools) {
      for (const principal of [null, { type: 'any', token: '' }]) {
        const facts = { ...NOBODY, tool, principal, amount: { amount: '0', currency: '' }, counterparty: '' };
        for (const query of stateQueriesOf(document, facts)) found.set(`${query.key} ${query.scope}`, query);
      }
    }
  }
  return [...found.values()];
}

export class UseLedger {
  private readonly questions: readonly StateQuery[];
  private readonly running = new Map<string, Running>();

  constructor(document: PolicyDocument) {
    this.questions = questionsOf(document);
  }

  /** How far back the longest window reaches; 0 when nothing is asked of the past. */
  get reachMs(): number {
    return Math.max(0, ...this.questions.map(({ windowMs }) => windowMs));
  }

  /** Takes the next use; none may be older than the last. */
  add(use: PastUse): void {
    const units = parseAmount(use.amount ?? '0');
    const entry = {
      evaluation: use.evaluation,
      atMs: use.atMs,
      units: units.ok ? units.value : 0n,
      category: use.category,
    };
    for (const question of this.questions) {
      if (!matchesAny(question.tools, use.tool)) continue;
      if (question.currency !== undefined && question.currency !== use.currency) continue;
      const place = placeOf(question, use.agent, use.principal, use.counterparty);
      const running = this.running.get(place) ?? new Running();
      this.running.set(place, running);
      running.add(entry);
    }
  }

  /** The answers for an action of these facts at `atMs`; `own` is its own evaluation, whose use does not count. */
  answer(
    document: PolicyDocument,
    facts: ActionFacts,
    { atMs, own }: { atMs: number; own: string | null },
  ): Record<string, string> {
    const values: Record<string, string> = {};
    for (const query of stateQueriesOf(document, facts)) {
      const place = placeOf(query, facts.agent, facts.principal?.token ?? '', facts.counterparty);
      const running = this.running.get(place);
      values[query.key] =
        running?.answer(query.measure, atMs - query.windowMs, own, facts.category) ??
        (query.measure === 'amount' ? '0.00' : '0');
    }
    return values;
  }
}

function placeOf(
  { key, scope }: Pick<StateQuery, 'key' | 'scope'>,
  agent: string,
  principal: string,
  counterparty: string | null,
): string {
  const parts: Record<string, string> = { agent, principal, counterparty: counterparty ?? '' };
  return JSON.stringify([
    key,
    scope,
    ...(scope === 'tenant' ? [] : scope.split('-').map((each) => parts[each])),
  ]);
}
