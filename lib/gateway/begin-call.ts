import { actionDigest } from '@/lib/tokens/action';
import { type CallJournal, callKey, type PendingCall } from './call-journal';
import type { CallStages } from './call-stages';
import { failure } from './gateway-result';
import {
  type Begun,
  type CallClient,
  failed,
  type GuardedCall,
  isRefusal,
  type NotExecuted,
} from './guarded-call';

/** What the policy said of a call and its caller was not told yet. */
export type Verdict =
  | { status: 'allowed'; decisionId: string }
  | Extract<NotExecuted, { status: 'refused' | 'deferred' }>;

/** Asks the policy and people, or finds where an earlier request of the same call stands. */
export interface CallBeginner {
  begin(call: GuardedCall, signal?: AbortSignal): Promise<Begun>;
  /** Takes the verdict of a call, which is used up by that. */
  takeVerdict(key: string): Verdict | undefined;
}

/** A verdict that is never asked for again must not stay for ever. */
const MAX_VERDICTS = 1_000;

export const keyOf = (call: GuardedCall): string => callKey(call.session, actionDigest(call.action));

export function createCallBeginner(options: {
  client: CallClient;
  journal: CallJournal;
  stages: CallStages;
  now: () => number;
}): CallBeginner {
  const { client, journal, stages, now } = options;
  const verdicts = new Map<string, Verdict>();

  async function begin(call: GuardedCall, signal?: AbortSignal): Promise<Begun> {
    const key = keyOf(call);
    const entry = await journal.get(key);
    const begun = entry ? await resume(entry, call, signal) : null;
    if (begun) return begun;
    const known = verdicts.get(key);
    if (known) return known.status === 'allowed' ? { status: 'allowed' } : known;
    return ask(key, call, signal);
  }

  /** Where an earlier request of this call stands; null when nothing of it is left, and it is asked anew. */
  async function resume(entry: PendingCall, call: GuardedCall, signal?: AbortSignal): Promise<Begun | null> {
    const { stage } = entry;
    switch (stage.name) {
      case 'asking': {
        const submitted = await submit(entry, call, signal);
        const isOver = submitted.status === 'failed' && isRefusal(submitted.failure);
        return isOver ? null : submitted;
      }
      case 'waiting':
      case 'spending':
        return { status: 'waiting', taskId: stage.taskId };
      case 'forwarding': {
        const kept = await stages.closeUnknown(entry);
        return kept ? failed(kept) : { status: 'unknown' };
      }
      case 'unknown':
        return { status: 'unknown' };
      case 'ended':
        return { status: stage.status, reasonCode: stage.reasonCode };
      case 'reporting': {
        await stages.report(entry, stage.approvalId, stage.outcome);
        const left = await journal.get(entry.key);
        return left ? failed(failure('unreachable', { detail: 'an earlier outcome is unreported' })) : null;
      }
    }
  }

  async function ask(key: string, call: GuardedCall, signal?: AbortSignal): Promise<Begun> {
    const evaluated = await client.evaluate(call.action, signal);
    if (!evaluated.ok) return failed(evaluated);
    const evaluation = evaluated.value;
    const decisionId = stages.newId('dec');
    const recorded = await client.record({
      kind: 'decision',
      id: decisionId,
      body: call.decision(evaluation),
    });
    if (!recorded.ok) return failed(recorded);
    switch (evaluation.verdict) {
      case 'allow':
        remember(key, { status: 'allowed', decisionId });
        return { status: 'allowed' };
      case 'refuse':
      case 'defer': {
        const status = evaluation.verdict === 'refuse' ? 'refused' : 'deferred';
        const verdict = { status, reasonCode: evaluation.reasonCode } as const;
        remember(key, verdict);
        return verdict;
      }
      case 'escalate': {
        const { terms } = evaluation;
        if (!terms) return failed(failure('response_malformed', { detail: 'access_request' }));
        const entry: PendingCall = {
          v: 1,
          key,
          session: call.session,
          actionDigest: evaluation.actionDigest,
          evaluationId: evaluation.evaluationId,
          decisionId,
          idempotencyKey: evaluation.evaluationId,
          askedAtMs: now(),
          terms: { ...terms, quorum: [...terms.quorum] },
          stage: { name: 'asking' },
        };
        await journal.put(entry);
        return submit(entry, call, signal);
      }
    }
  }

  /** Sends the request; a refusal ends it, anything else leaves it to be sent again. */
  async function submit(
    entry: PendingCall,
    call: GuardedCall,
    signal?: AbortSignal,
  ): Promise<Extract<Begun, { status: 'waiting' | 'failed' }>> {
    const { evaluationId, decisionId, idempotencyKey } = entry;
    const submitted = await client.escalate(
      {
        action: call.action,
        evaluationId,
        decisionId,
        idempotencyKey,
        ...(call.evidence ? { evidence: call.evidence } : {}),
        ...(call.subjects ? { subjects: call.subjects } : {}),
      },
      signal,
    );
    if (!submitted.ok) {
      if (isRefusal(submitted)) await journal.remove(entry.key);
      return failed(submitted);
    }
    const taskId = submitted.value.id;
    await stages.advance(entry, { name: 'waiting', taskId });
    return { status: 'waiting', taskId };
  }

  function remember(key: string, verdict: Verdict): void {
    verdicts.set(key, verdict);
    const [oldest] = verdicts.keys();
    if (verdicts.size > MAX_VERDICTS && oldest !== undefined) verdicts.delete(oldest);
  }

  return {
    begin,
    takeVerdict(key) {
      const verdict = verdicts.get(key);
      verdicts.delete(key);
      return verdict;
    },
  };
}
