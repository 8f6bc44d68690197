/**
 * What a policy would have said of a past decision. Rules that read what records do not hold are settled where the past
 * itself settles them: a rule that stood word for word in the policy of then fired or did not, and the console kept
 * which. Where it does not, the decision is played both ways, with the rule firing and without; only when both end alike
 * is there an answer.
 */
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { readAction } from './action-facts';
import { decidePolicy } from './decide-policy';
import type { PolicyDocument, PolicyThreshold } from './policy-document';
import { type RecordedFacts, readRecordedAction, type Unrecorded } from './recorded-action';
import type { UseLedger } from './use-ledger';

export interface PastDecision extends RecordedFacts {
  id: string;
  atMs: number;
  verdict: OutcomeVerdict;
  source: 'gateway' | 'framework';
  rule: string | null;
  /** The evaluation that the decision rests on, and every rule that fired in it; null when the console kept none. */
  evaluation: { id: string; fired: { name: string; unreadable: boolean }[] } | null;
}

export type Replay =
  | { evaluated: true; verdict: OutcomeVerdict; rule: string }
  | { evaluated: false; reason: ReplayGap; rule?: string };

/** Why a past decision could not be played again. */
export type ReplayGap = Unrecorded | 'not_by_policy' | 'fact_unrecorded';

/** Findings under which nothing else was measured: they tell nothing of the other rules. */
const ALONE = new Set(['no-grant', 'unreadable-action']);
const SEVERITY: Record<OutcomeVerdict, number> = { allow: 0, escalate: 1, defer: 2, refuse: 3 };

type Settled = 'fired' | 'refused' | 'held' | 'unknown';

/** @param then the policy of then with its ledger's document; null when it is not known here */
export function replayDecision(
  document: PolicyDocument,
  past: PastDecision,
  ledger: UseLedger,
  then: PolicyDocument | null,
): Replay {
  if (past.source !== 'gateway') return { evaluated: false, reason: 'not_by_policy' };
  const read = readRecordedAction(document, past);
  if (typeof read === 'string') return { evaluated: false, reason: read };
  const settled = new Map<string, Settled>();
  for (const threshold of document.thresholds) {
    if (read.unknown.has(threshold.name)) settled.set(threshold.name, settle(threshold, past, then));
  }
  const open = [...settled].find(([, how]) => how === 'unknown')?.[0];
  const decide = (unknownFires: boolean) => {
    const variant = withSettled(document, settled, unknownFires);
    const { facts } = readAction(variant, read.action);
    const values = ledger.answer(variant, facts, { atMs: past.atMs, own: past.evaluation?.id ?? null });
    return decidePolicy(variant, read.action, { available: true, values });
  };
  const least = decide(false);
  if (open !== undefined && decide(true).verdict !== least.verdict)
    return { evaluated: false, reason: 'fact_unrecorded', rule: open };
  return { evaluated: true, verdict: least.verdict, rule: least.rule };
}

/** Whether a rule of now fired then, as far as the past knows. */
function settle(threshold: PolicyThreshold, past: PastDecision, then: PolicyDocument | null): Settled {
  const old = then?.thresholds.find(({ name }) => name === threshold.name);
  if (!old || JSON.stringify([old.tools, old.on]) !== JSON.stringify([threshold.tools, threshold.on]))
    return 'unknown';
  const fired = past.evaluation?.fired;
  if (fired) {
    if (fired.some(({ name }) => ALONE.has(name))) return 'unknown';
    const mine = fired.find(({ name }) => name === threshold.name);
    return mine ? (mine.unreadable ? 'refused' : 'fired') : 'held';
  }
  if (past.verdict === 'allow') return 'held';
  if (past.rule !== null && ALONE.has(past.rule)) return 'unknown';
  if (past.rule === threshold.name) return past.verdict === old.then ? 'fired' : 'refused';
  // The strictest rule spoke: a stricter one cannot have fired beside it.
  return SEVERITY[old.then] > SEVERITY[past.verdict] ? 'held' : 'unknown';
}

function withSettled(
  document: PolicyDocument,
  settled: ReadonlyMap<string, Settled>,
  unknownFires: boolean,
): PolicyDocument {
  if (settled.size === 0) return document;
  const thresholds = document.thresholds.flatMap((threshold): PolicyThreshold[] => {
    const how = settled.get(threshold.name);
    if (how === undefined) return [threshold];
    if (how === 'held' || (how === 'unknown' && !unknownFires)) return [];
    return [{ ...threshold, on: { kind: 'always' }, then: how === 'refused' ? 'refuse' : threshold.then }];
  });
  return { ...document, thresholds };
}
