import type { JsonObject } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import type {
  AccessClient,
  ActionOutcome,
  Downstream,
  Evaluation,
  GatewayEvidence,
  Task,
} from './access-client';
import { failure, type GatewayFailure } from './gateway-result';
import type { RecordSender } from './record-sender';
import { type Spender, spendApproval } from './spend-approval';

/** By what right the action is executed: the policy's, or people's. */
export type Authority = {
  evaluation: Evaluation;
  approvalId: string | null /** What may be executed. */;
  action: Action;
};

/** What `execute` returns: its value, and the ids of what it created elsewhere. */
export type Executed<T> = { value: T; downstream?: Downstream[] };

export type GuardOptions = {
  evidence?: GatewayEvidence;
  subjects?: { type: string; token: string }[];
  /** The decision's own record, written before anything else happens; without it nothing is executed. */
  decision?: { id: string; body: (evaluation: Evaluation) => JsonObject };
  /** How long to wait for people; default: until the request expires. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /**
   * Proposes what a person narrowed the action to, exactly, and executes that. Only for an `execute` that does what
   * `authority.action` says, and nothing that it remembers.
   */
  followNarrowed?: boolean;
};

export type GuardOutcome<T> =
  | {
      status: 'executed';
      value: T;
      authority: Authority;
      /** What kept the outcome from being recorded; the action itself is done. */
      unreported?: GatewayFailure;
    }
  | { status: 'upstream_error'; error: unknown; authority: Authority; unreported?: GatewayFailure }
  | { status: 'refused' | 'deferred'; evaluation: Evaluation }
  | { status: 'denied'; task: Task; evaluation: Evaluation }
  /** A person narrowed it into `task.superseded`; the original can never be asked for again. */
  | { status: 'superseded'; task: Task; evaluation: Evaluation }
  /** Nobody decided: the request ran out, was withdrawn or overtaken. */
  | { status: 'expired' | 'cancelled' | 'failed_request'; task: Task; evaluation: Evaluation }
  /** The caller's patience ended first; the request still waits for people. */
  | { status: 'pending'; task: Task; evaluation: Evaluation }
  /** Something failed before anything was executed. */
  | { status: 'failed'; failure: GatewayFailure };

type Client = AccessClient & RecordSender & Spender;

/** Everything between "the agent wants" and "it is done and recorded". Whatever is in doubt is not executed. */
export async function guardAction<T>(
  client: Client,
  now: () => number,
  action: Action,
  execute: (authority: Authority) => Promise<Executed<T>>,
  options: GuardOptions,
): Promise<GuardOutcome<T>> {
  const { signal } = options;
  const evaluated = await client.evaluate(action, signal);
  if (!evaluated.ok) return { status: 'failed', failure: evaluated };
  const evaluation = evaluated.value;
  if (options.decision) {
    const { id, body } = options.decision;
    const recorded = await client.record({ kind: 'decision', id, body: body(evaluation) });
    if (!recorded.ok) return { status: 'failed', failure: recorded };
  }
  switch (evaluation.verdict) {
    case 'refuse':
      return { status: 'refused', evaluation };
    case 'defer':
      return { status: 'deferred', evaluation };
    case 'allow':
      return run(client, { evaluation, approvalId: null, action }, execute, options);
    case 'escalate':
      return askPeople(client, now, action, evaluation, execute, options);
  }
}

async function askPeople<T>(
  client: Client,
  now: () => number,
  action: Action,
  evaluation: Evaluation,
  execute: (authority: Authority) => Promise<Executed<T>>,
  options: GuardOptions,
): Promise<GuardOutcome<T>> {
  const { evidence, subjects, decision, signal } = options;
  const { terms } = evaluation;
  if (!terms)
    return { status: 'failed', failure: failure('response_malformed', { detail: 'access_request' }) };
  const submitted = await client.escalate(
    {
      action,
      evaluationId: evaluation.evaluationId,
      ...(evidence ? { evidence } : {}),
      ...(subjects ? { subjects } : {}),
      ...(decision ? { decisionId: decision.id } : {}),
    },
    signal,
  );
  if (!submitted.ok) return { status: 'failed', failure: submitted };
  const { id, expiresAt } = submitted.value;
  const timeoutMs = options.timeoutMs ?? Math.max(0, Date.parse(expiresAt) - now()) + GRACE_MS;
  const waited = await client.wait(id, { timeoutMs, ...(signal ? { signal } : {}) });
  if (!waited.ok) return { status: 'failed', failure: waited };
  const task = waited.value;
  const narrowed = task.superseded?.action;
  if (narrowed && options.followNarrowed) {
    // The decision's record stands; what follows is its continuation, under the same evidence.
    const { decision: _, ...rest } = options;
    return guardAction(client, now, narrowed, execute, rest);
  }
  if (task.status !== 'approved' || !task.approval) return { ...withoutApproval(task), task, evaluation };
  const spent = await spendApproval(client, action, task.approval, terms);
  if (!spent.ok) return { status: 'failed', failure: spent };
  return run(client, { evaluation, approvalId: spent.value, action }, execute, options);
}

/** The console ends an expired request itself; give it a moment to say so. */
const GRACE_MS = 5_000;

function withoutApproval(task: Task): {
  status: 'denied' | 'expired' | 'cancelled' | 'pending' | 'superseded' | 'failed_request';
} {
  if (task.superseded) return { status: 'superseded' };
  switch (task.status) {
    case 'denied':
    case 'expired':
    case 'cancelled':
    case 'pending':
      return { status: task.status };
    default:
      return { status: 'failed_request' };
  }
}

async function run<T>(
  client: Client,
  authority: Authority,
  execute: (authority: Authority) => Promise<Executed<T>>,
  options: GuardOptions,
): Promise<GuardOutcome<T>> {
  if (options.signal?.aborted) {
    await report(client, authority, options, { state: 'not_forwarded', downstream: [] });
    return { status: 'failed', failure: { ok: false, code: 'aborted' } };
  }
  let done: Executed<T>;
  try {
    done = await execute(authority);
  } catch (error) {
    const unreported = await report(client, authority, options, { state: 'upstream_error', downstream: [] });
    return { status: 'upstream_error', error, authority, ...(unreported ? { unreported } : {}) };
  }
  const unreported = await report(client, authority, options, {
    state: 'forwarded',
    downstream: done.downstream ?? [],
  });
  return { status: 'executed', value: done.value, authority, ...(unreported ? { unreported } : {}) };
}

/** An approved action's outcome goes to the console, which records it; any other is the producer's own record. */
async function report(
  client: Client,
  authority: Authority,
  options: GuardOptions,
  outcome: ActionOutcome,
): Promise<GatewayFailure | undefined> {
  const { approvalId } = authority;
  if (approvalId !== null) {
    const reported = await client.report(approvalId, outcome);
    return reported.ok ? undefined : reported;
  }
  if (!options.decision) return undefined;
  const { id } = options.decision;
  const recorded = await client.record({
    kind: 'action.outcome',
    id: `${id}.outcome`,
    body: { decision_id: id, state: outcome.state, downstream: outcome.downstream },
  });
  return recorded.ok ? undefined : recorded;
}
