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
import { formatId } from '@/lib/core/id';
import type { JsonObject } from '@/lib/core/json';
import { type Action, actionDigest, parseAction } from '@/lib/tokens/action';
import type { AccessClient, ActionOutcome, Evaluation, GatewayEvidence, Task } from './access-client';
import { type CallJournal, type CallStage, callKey, type PendingCall } from './call-journal';
import { failure, type GatewayFailure } from './gateway-result';
import type { Executed } from './guard';
import type { RecordSender } from './record-sender';
import { type Spender, spendApproval } from './spend-approval';

export type GuardedCall = {
  /** Whose call it is. Give each call its own where a framework numbers them: the same action is then asked twice. */
  session: string;
  action: Action;
  /** Body of the decision's own record, written before people are asked; without it nothing is executed. */
  decision: (evaluation: Evaluation) => JsonObject;
  evidence?: GatewayEvidence;
  subjects?: { type: string; token: string }[];
};

/** Why a call is not executed, or not yet. */
export type NotExecuted =
  | { status: 'refused' | 'deferred'; reasonCode: string }
  | { status: 'denied' | 'expired' | 'cancelled' | 'failed_request'; reasonCode: string | null }
  /** Nobody has decided yet; the same call later finds the answer. */
  | { status: 'pending'; taskId: string }
  /** The same call of the same session is under way. */
  | { status: 'busy' }
  /** An earlier process died while the action was under way: it may have been executed, and is not repeated. */
  | { status: 'unknown' }
  | { status: 'failed'; failure: GatewayFailure };

export type Begun = { status: 'allowed' } | { status: 'waiting'; taskId: string } | NotExecuted;
export type Settled = { status: 'allowed' } | { status: 'approved'; task: Task } | NotExecuted;
export type CallOutcome<T> =
  | { status: 'executed'; value: T; unreported?: GatewayFailure }
  | { status: 'upstream_error'; error: unknown; unreported?: GatewayFailure }
  | NotExecuted;

type WaitOptions = { timeoutMs: number; signal?: AbortSignal };
type Execute<T> = () => Promise<Executed<T>>;

export interface PendingCalls {
  begin(call: GuardedCall, signal?: AbortSignal): Promise<Begun>;
  settle(call: GuardedCall, options: WaitOptions): Promise<Settled>;
  perform<T>(call: GuardedCall, execute: Execute<T>, signal?: AbortSignal): Promise<CallOutcome<T>>;
  run<T>(call: GuardedCall, execute: Execute<T>, options: WaitOptions): Promise<CallOutcome<T>>;
  sweep(): Promise<void>;
}

type Client = AccessClient & RecordSender & Spender;
type Allowed = { status: 'allowed'; decisionId: string };
type Verdict = Allowed | Extract<NotExecuted, { status: 'refused' | 'deferred' }>;

/** An evaluation can be taken to people for less than this: a request that never got an id is forgotten. */
const ASKING_MS = 10 * 60_000;
/** How long an answer is kept for a caller who did not come back for it. */
const KEEP_MS = 24 * 3_600_000;
const MAX_VERDICTS = 1_000;
const NOT_FORWARDED: ActionOutcome = { state: 'not_forwarded', downstream: [] };

export function createPendingCalls(options: {
  client: Client;
  journal: CallJournal;
  /** How long an approval is kept for a caller who is gone; default: until it lapses. */
  graceMs?: number;
  clock?: () => number;
}): PendingCalls {
  const { client, journal } = options;
  const now = options.clock ?? Date.now;
  const graceMs = options.graceMs ?? Number.POSITIVE_INFINITY;
  const running = new Set<string>();
  const sweeping = new Map<string, Promise<void>>();
  /** Verdicts of the policy that nobody was told yet. */
  const verdicts = new Map<string, Verdict>();

  const newId = (prefix: 'dec' | 'rec') =>
    formatId(prefix, now(), crypto.getRandomValues(new Uint8Array(10)));
  const advance = async (entry: PendingCall, stage: CallStage): Promise<PendingCall> => {
    const next = { ...entry, stage };
    await journal.put(next);
    return next;
  };

  async function begin(call: GuardedCall, signal?: AbortSignal): Promise<Begun> {
    const key = keyOf(call);
    const entry = await journal.get(key);
    if (entry) {
      const begun = await resume(entry, call, signal);
      if (begun) return begun;
    }
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
        const kept = await closeUnknown(entry);
        return kept ? failed(kept) : { status: 'unknown' };
      }
      case 'unknown':
        return { status: 'unknown' };
      case 'ended':
        return { status: stage.status, reasonCode: stage.reasonCode };
      case 'reporting': {
        await report(entry, stage.approvalId, stage.outcome);
        const left = await journal.get(entry.key);
        return left ? failed(failure('unreachable', { detail: 'an earlier outcome is unreported' })) : null;
      }
    }
  }

  async function ask(key: string, call: GuardedCall, signal?: AbortSignal): Promise<Begun> {
    const evaluated = await client.evaluate(call.action, signal);
    if (!evaluated.ok) return failed(evaluated);
    const evaluation = evaluated.value;
    const decisionId = newId('dec');
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
        const entry: PendingCall = {
          v: 1,
          key,
          session: call.session,
          actionDigest: evaluation.actionDigest,
          evaluationId: evaluation.evaluationId,
          decisionId,
          idempotencyKey: evaluation.evaluationId,
          askedAtMs: now(),
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
    await advance(entry, { name: 'waiting', taskId });
    return { status: 'waiting', taskId };
  }

  async function settle(call: GuardedCall, { timeoutMs, signal }: WaitOptions): Promise<Settled> {
    const begun = await begin(call, signal);
    if (begun.status !== 'waiting') return begun;
    const waited = await client.wait(begun.taskId, { timeoutMs, ...(signal ? { signal } : {}) });
    const entry = await journal.get(keyOf(call));
    if (!waited.ok) {
      if (waited.problem === 'task_unknown' && entry) await journal.remove(entry.key);
      return failed(waited);
    }
    if (waited.value.status === 'pending') return { status: 'pending', taskId: begun.taskId };
    if (waited.value.status === 'approved') return { status: 'approved', task: waited.value };
    const ended = endOf(waited.value);
    if (entry) await advance(entry, { name: 'ended', ...ended, sinceMs: now() });
    return ended;
  }

  async function complete<T>(
    call: GuardedCall,
    settled: Settled,
    execute: Execute<T>,
    signal?: AbortSignal,
  ): Promise<CallOutcome<T>> {
    const key = keyOf(call);
    switch (settled.status) {
      case 'allowed':
        return executeAllowed(key, execute, signal);
      case 'approved':
        return executeApproved(key, call.action, settled.task, execute, signal);
      case 'refused':
      case 'deferred':
        verdicts.delete(key);
        return settled;
      case 'denied':
      case 'expired':
      case 'cancelled':
      case 'failed_request':
      case 'unknown':
        await journal.remove(key);
        return settled;
      default:
        return settled;
    }
  }

  async function executeAllowed<T>(
    key: string,
    execute: Execute<T>,
    signal?: AbortSignal,
  ): Promise<CallOutcome<T>> {
    const verdict = verdicts.get(key);
    verdicts.delete(key);
    if (verdict?.status !== 'allowed') return { status: 'busy' };
    const recorded = async (outcome: ActionOutcome): Promise<GatewayFailure | undefined> => {
      const { decisionId } = verdict;
      const sent = await client.record({
        kind: 'action.outcome',
        id: `${decisionId}.outcome`,
        body: { decision_id: decisionId, state: outcome.state, downstream: outcome.downstream },
      });
      return sent.ok ? undefined : sent;
    };
    if (signal?.aborted) {
      await recorded(NOT_FORWARDED);
      return failed(failure('aborted'));
    }
    return executeOnce(execute, recorded);
  }

  async function executeApproved<T>(
    key: string,
    action: Action,
    task: Task,
    execute: Execute<T>,
    signal?: AbortSignal,
  ): Promise<CallOutcome<T>> {
    const entry = await journal.get(key);
    if (!entry || !task.approval) return failed(failure('response_malformed', { detail: 'no approval' }));
    const approvalId = task.approval.id;
    const spending = await advance(entry, { name: 'spending', taskId: task.id, approvalId });
    const spent = await spendApproval(client, action, task.approval);
    if (!spent.ok && isPassing(spent)) {
      await advance(spending, { name: 'waiting', taskId: task.id });
      return failed(spent);
    }
    if (!spent.ok || signal?.aborted) {
      await giveBack(spending, approvalId);
      return failed(spent.ok ? failure('aborted') : spent);
    }
    const forwarding = await advance(spending, { name: 'forwarding', taskId: task.id, approvalId });
    return executeOnce(execute, (outcome) => report(forwarding, approvalId, outcome));
  }

  /** Keeps the outcome, then tells the console; what it has not answered for stays to be told by `sweep`. */
  async function report(
    entry: PendingCall,
    approvalId: string,
    outcome: ActionOutcome,
  ): Promise<GatewayFailure | undefined> {
    await advance(entry, { name: 'reporting', approvalId, outcome });
    const reported = await client.report(approvalId, outcome);
    if (reported.ok || isRefusal(reported)) await journal.remove(entry.key);
    return reported.ok ? undefined : reported;
  }

  const giveBack = (entry: PendingCall, approvalId: string) => report(entry, approvalId, NOT_FORWARDED);

  /** Nobody knows whether the action was executed: the console is told, and the call is not repeated. */
  async function closeUnknown(entry: PendingCall): Promise<GatewayFailure | undefined> {
    if (entry.stage.name !== 'forwarding') return undefined;
    const reported = await client.report(entry.stage.approvalId, { state: 'upstream_error', downstream: [] });
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
  }

  async function tidy(entry: PendingCall): Promise<void> {
    const { stage } = entry;
    switch (stage.name) {
      case 'asking':
        if (now() - entry.askedAtMs >= ASKING_MS) await journal.remove(entry.key);
        return;
      case 'waiting':
      case 'spending':
        return followUp(entry, stage.taskId, stage.name === 'waiting' ? stage.approvedAtMs : undefined);
      case 'forwarding':
        await closeUnknown(entry);
        return;
      case 'reporting':
        await report(entry, stage.approvalId, stage.outcome);
        return;
      case 'unknown':
      case 'ended':
        if (now() - stage.sinceMs >= KEEP_MS) await journal.remove(entry.key);
    }
  }

  /** What became of a request whose caller is gone. */
  async function followUp(
    entry: PendingCall,
    taskId: string,
    approvedAtMs: number | undefined,
  ): Promise<void> {
    const asked = await client.wait(taskId, { timeoutMs: 0 });
    if (!asked.ok) {
      if (asked.problem === 'task_unknown') await journal.remove(entry.key);
      return;
    }
    const task = asked.value;
    if (task.status === 'pending') return;
    if (!task.approval) {
      await advance(entry, { name: 'ended', ...endOf(task), sinceMs: now() });
      return;
    }
    const sinceMs = approvedAtMs ?? now();
    if (now() >= Math.min(sinceMs + graceMs, Date.parse(task.approval.approvedUntil)))
      await giveBack(entry, task.approval.id);
    else if (approvedAtMs === undefined)
      await advance(entry, { name: 'waiting', taskId, approvedAtMs: sinceMs });
  }

  /** A verdict that is never asked for again must not stay for ever. */
  function remember(key: string, verdict: Verdict): void {
    verdicts.set(key, verdict);
    const [oldest] = verdicts.keys();
    if (verdicts.size > MAX_VERDICTS && oldest !== undefined) verdicts.delete(oldest);
  }

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

  const run = <T>(call: GuardedCall, execute: Execute<T>, wait: WaitOptions): Promise<CallOutcome<T>> =>
    alone(call, async () => complete(call, await settle(call, wait), execute, wait.signal));

  return {
    begin: (call, signal) => alone(call, () => begin(call, signal)),
    settle: (call, wait) => alone(call, () => settle(call, wait)),
    run,
    perform: (call, execute, signal) => run(call, execute, { timeoutMs: 0, ...(signal ? { signal } : {}) }),
    async sweep() {
      for (const { key } of await journal.list()) {
        if (running.has(key) || sweeping.has(key)) continue;
        const work = (async () => {
          const entry = await journal.get(key);
          if (entry) await tidy(entry);
        })();
        sweeping.set(
          key,
          work.catch(() => {}),
        );
        await work.finally(() => sweeping.delete(key));
      }
    },
  };
}

const keyOf = (call: GuardedCall): string => callKey(call.session, actionDigest(call.action));
const failed = (reason: GatewayFailure): { status: 'failed'; failure: GatewayFailure } => ({
  status: 'failed',
  failure: reason,
});

/** The console cannot do it now, or this gateway is not set up for it: nothing was spent, the same may succeed later. */
function isPassing({ code, status }: GatewayFailure): boolean {
  return code === 'keys_not_pinned' || (code === 'refused' && [429, 502, 503, 504].includes(status ?? 0));
}

/** The console has answered, and would answer the same again. */
function isRefusal(reason: GatewayFailure): boolean {
  return reason.code === 'refused' && !isPassing(reason);
}

function endOf(
  task: Task,
): Extract<NotExecuted, { status: 'denied' | 'expired' | 'cancelled' | 'failed_request' }> {
  const { status, denialReason } = task;
  if (status === 'denied') return { status, reasonCode: denialReason };
  if (status === 'expired' || status === 'cancelled') return { status, reasonCode: null };
  return { status: 'failed_request', reasonCode: null };
}

async function executeOnce<T>(
  execute: Execute<T>,
  report: (outcome: ActionOutcome) => Promise<GatewayFailure | undefined>,
): Promise<CallOutcome<T>> {
  let done: Executed<T>;
  try {
    done = await execute();
  } catch (error) {
    const unreported = await report({ state: 'upstream_error', downstream: [] });
    return { status: 'upstream_error', error, ...(unreported ? { unreported } : {}) };
  }
  const unreported = await report({ state: 'forwarded', downstream: done.downstream ?? [] });
  return { status: 'executed', value: done.value, ...(unreported ? { unreported } : {}) };
}
