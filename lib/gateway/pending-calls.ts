/**
 * Calls that wait for people longer than anybody may stay on the line: a process may die, an agent may give up and come
 * back. The same action of the same session finds the approval that it asked for; an approval whose caller is gone is
 * given back as not forwarded; nothing is executed twice or behind the agent's back.
 *
 *   begin    ask the policy and, where it says so, people; idempotent for one session and action
 *   settle   wait for their answer
 *   perform  verify the token, redeem it, execute once, report
 *   run      the three together
 *   sweep    look after what nobody waits for any more; call it at the start and every few seconds
 */
import { parseAction } from '@/lib/tokens/action';
import { createCallBeginner, keyOf } from './begin-call';
import type { CallJournal } from './call-journal';
import { createCallStages } from './call-stages';
import { executeAllowed, executeApproved } from './execute-call';
import { failure } from './gateway-result';
import {
  type Begun,
  type CallClient,
  type CallOutcome,
  type Execute,
  endOf,
  failed,
  type GuardedCall,
  type NotExecuted,
  type Settled,
  type WaitOptions,
} from './guarded-call';
import { tidyCall } from './tidy-call';

export interface PendingCalls {
  begin(call: GuardedCall, signal?: AbortSignal): Promise<Begun>;
  settle(call: GuardedCall, options: WaitOptions): Promise<Settled>;
  perform<T>(call: GuardedCall, execute: Execute<T>, signal?: AbortSignal): Promise<CallOutcome<T>>;
  run<T>(call: GuardedCall, execute: Execute<T>, options: WaitOptions): Promise<CallOutcome<T>>;
  sweep(): Promise<void>;
}

export interface PendingCallsOptions {
  client: CallClient;
  journal: CallJournal;
  /** How long an approval is kept for a caller who is gone; default: until it lapses. */
  graceMs?: number;
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

export function createPendingCalls(options: PendingCallsOptions): PendingCalls {
  const { client, journal, graceMs = Number.POSITIVE_INFINITY, clock: now = Date.now } = options;
  const stages = createCallStages({ client, journal, now });
  const beginner = createCallBeginner({ client, journal, stages, now });
  const running = new Set<string>();
  const sweeping = new Map<string, Promise<void>>();

  /** One thing at a time for one call: what comes second is told so. */
  async function alone<T>(call: GuardedCall, work: () => Promise<T>): Promise<T | NotExecuted> {
    const read = parseAction(call.action);
    if (!read.ok) return failed(failure('action_invalid', { detail: read.detail ?? read.code }));
    const key = keyOf(call);
    if (running.has(key)) return { status: 'busy' };
    running.add(key);
    try {
      await sweeping.get(key);
      return await work();
    } finally {
      running.delete(key);
    }
  }

  async function settle(call: GuardedCall, { timeoutMs, signal }: WaitOptions): Promise<Settled> {
    const begun = await beginner.begin(call, signal);
    if (begun.status !== 'waiting') return begun;
    const waited = await client.wait(begun.taskId, { timeoutMs, ...(signal ? { signal } : {}) });
    const entry = await journal.get(keyOf(call));
    if (!waited.ok) {
      if (waited.problem === 'task_unknown' && entry) await journal.remove(entry.key);
      return failed(waited);
    }
    const task = waited.value;
    if (task.status === 'pending') return { status: 'pending', taskId: begun.taskId };
    if (task.status === 'approved') return { status: 'approved', task };
    const ended = endOf(task);
    // The journal keeps no arguments: the task is asked again for what it was narrowed to.
    if (ended.status === 'superseded') return ended;
    if (entry) await stages.advance(entry, { name: 'ended', ...ended, sinceMs: now() });
    return ended;
  }

  /** Executes what may be executed; an end that the caller is told here is forgotten. */
  async function complete<T>(
    call: GuardedCall,
    settled: Settled,
    execute: Execute<T>,
    signal?: AbortSignal,
  ): Promise<CallOutcome<T>> {
    const key = keyOf(call);
    switch (settled.status) {
      case 'allowed': {
        const verdict = beginner.takeVerdict(key);
        if (verdict?.status !== 'allowed') return { status: 'busy' };
        return executeAllowed(client, verdict.decisionId, execute, signal);
      }
      case 'approved': {
        const approved = { key, action: call.action, task: settled.task };
        return executeApproved({ client, journal, stages }, approved, execute, signal);
      }
      case 'refused':
      case 'deferred':
        beginner.takeVerdict(key);
        return settled;
      case 'denied':
      case 'expired':
      case 'cancelled':
      case 'failed_request':
      case 'superseded':
      case 'unknown':
        await journal.remove(key);
        return settled;
      default:
        return settled;
    }
  }

  const run = <T>(call: GuardedCall, execute: Execute<T>, wait: WaitOptions): Promise<CallOutcome<T>> =>
    alone(call, async () => complete(call, await settle(call, wait), execute, wait.signal));

  async function sweepOne(key: string): Promise<void> {
    if (running.has(key) || sweeping.has(key)) return;
    const work = journal
      .get(key)
      .then((entry) => entry && tidyCall({ client, journal, stages, graceMs, now }, entry));
    sweeping.set(
      key,
      work.catch(() => {}),
    );
    await work.finally(() => sweeping.delete(key));
  }

  return {
    begin: (call, signal) => alone(call, () => beginner.begin(call, signal)),
    settle: (call, wait) => alone(call, () => settle(call, wait)),
    run,
    perform: (call, execute, signal) => run(call, execute, { timeoutMs: 0, ...(signal ? { signal } : {}) }),
    async sweep() {
      for (const { key } of await journal.list()) await sweepOne(key);
    },
  };
}
