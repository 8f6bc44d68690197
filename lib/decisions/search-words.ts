import type { CountBasis, SearchTotal } from './decision-view';
import type { SearchField } from './search-query';

const count = (n: number) => n.toLocaleString('en');

/** How many match, as far as is known: exact only where it is. `shown` were read; `isEnd`: and there are no more. */
export function totalWords(total: SearchTotal | undefined, shown: number, isEnd: boolean): string {
  if (isEnd && total?.kind !== 'exact') return decisions(shown);
  if (!total) return 'counting';
  if (total.kind === 'exact') return decisions(total.n);
  const known = Math.max(total.n, shown);
  return known === 0 ? 'not counted' : `at least ${decisions(known)}`;
}

function decisions(n: number): string {
  return `${count(n)} ${n === 1 ? 'decision' : 'decisions'}`;
}

/** Over which matches counts were taken, where that is not all of them. */
export function basisWords({ all, n }: CountBasis): string | null {
  return all ? null : `of the newest ${count(n)} that match`;
}

/** What each field asks for, in the order of the query. */
export const FIELD_WORDS: Record<SearchField, string> = {
  subject: 'token of a customer, patient, account …',
  decision: 'a decision’s id',
  escalation: 'the decision an escalation asks for',
  trace: 'a W3C trace id',
  run: 'a run of an agent',
  session: 'a session',
  agent: 'who decided',
  tool: 'what it would do',
  outcome: 'allow, refuse, escalate, defer',
  source: 'gateway or framework',
  control: 'grant, budget, reversibility, threshold, containment',
  rule: 'the rule that fired',
  tier: 'reversible, bounded, unbounded',
  model: 'provider/name, or name@version',
  prompt: 'template, or template@version',
  policy: 'id, or id@version',
  guardrail: 'name=pass, =fail or =error; * for any',
  reviewer: 'a reviewer’s id',
  downstream: 'an id in another system: payment, order …',
  origin: 'otlp: made from OpenTelemetry spans, not signed at source',
  after: 'a day or an instant, included',
  before: 'a day or an instant, not included',
};
