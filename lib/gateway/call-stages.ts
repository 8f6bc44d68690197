import { formatId } from '@/lib/core/id';
import type { ActionOutcome } from './access-client';
import type { CallJournal, CallStage, PendingCall } from './call-journal';
import type { GatewayFailure } from './gateway-result';
import { type CallClient, isRefusal } from './guarded-call';

export const NOT_FORWARDED: ActionOutcome = { state: 'not_forwarded', downstream: [] };

/** The steps of a journalled call that end it: each is written down before the console is told. */
export interface CallStages {
  advance(entry: PendingCall, stage: CallStage): Promise<PendingCall>;
  /** Keeps the outcome, then tells the console; what it has not answered for stays to be told again. */
  report(entry: PendingCall, approvalId: string, outcome: ActionOutcome): Promise<GatewayFailure | undefined>;
  /** Nobody knows whether the action was executed: the console is told, and the call is not repeated. */
  closeUnknown(entry: PendingCall): Promise<GatewayFailure | undefined>;
  newId(prefix: 'dec' | 'rec'): string;
}

export function createCallStages(options: {
  client: CallClient;
  journal: CallJournal;
  now: () => number;
}): CallStages {
  const { client, journal, now } = options;
  const newId = (prefix: 'dec' | 'rec') =>
    formatId(prefix, now(), crypto.getRandomValues(new Uint8Array(10)));

  async function advance(entry: PendingCall, stage: CallStage): Promise<PendingCall> {
    const next = { ...entry, stage };
    await journal.put(next);
    return next;
  }

  return {
    advance,
    newId,
    async report(entry, approvalId, outcome) {
      await advance(entry, { name: 'reporting', approvalId, outcome });
      const reported = await client.report(approvalId, outcome);
      if (reported.ok || isRefusal(reported)) await journal.remove(entry.key);
      return reported.ok ? undefined : reported;
    },
    async closeUnknown(entry) {
      if (entry.stage.name !== 'forwarding') return undefined;
      const { approvalId } = entry.stage;
      const reported = await client.report(approvalId, { state: 'upstream_error', downstream: [] });
      if (!reported.ok && !isRefusal(reported)) return reported;
      const recorded = await client.record({
        kind: 'incident',
        id: newId('rec'),
        body: {
          code: 'outcome_unknown',
          detail: `The gateway ended while the approved action of ${entry.decisionId} was under way; it may have been executed.`,
        },
      });
      if (!recorded.ok) return recorded;
      await advance(entry, { name: 'unknown', sinceMs: now() });
      return undefined;
    },
  };
}
