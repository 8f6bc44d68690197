import type { JsonObject } from '@/lib/core/json';
import type { Action } from '@/lib/tokens/action';
import type { AccessClient, Evaluation, GatewayEvidence, Task } from './access-client';
import type { GatewayFailure } from './gateway-result';
import type { Executed } from './guard';
import type { RecordSender } from './record-sender';
import type { Spender } from './spend-approval';

export type GuardedCall = {
  /** Whose call it is. Give each call its own where a framework numbers them: the same action is then asked twice. */
  session: string;
  action: Action;
  /** Body of the decision's own record, written before people are asked; without it nothing is executed. */
  decision: (evaluation: Evaluation) => JsonObject;
  evidence?: GatewayEvidence;
  subjects?: { type: string; token: string }[];
};

/** How a request ended without an approval. */
export type Ended =
  | { status: 'denied' | 'expired' | 'cancelled' | 'failed_request'; reasonCode: string | null }
  /** A person narrowed it: only exactly `narrowed` may be proposed now. Null when it cannot be read any more. */
  | { status: 'superseded'; taskId: string; narrowed: Action | null };

/** Why a call is not executed, or not yet. */
export type NotExecuted =
  | { status: 'refused' | 'deferred'; reasonCode: string }
  | Ended
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

export type WaitOptions = { timeoutMs: number; signal?: AbortSignal };
export type Execute<T> = () => Promise<Executed<T>>;
export type CallClient = AccessClient & RecordSender & Spender;

export function failed(failure: GatewayFailure): { status: 'failed'; failure: GatewayFailure } {
  return { status: 'failed', failure };
}

/** The console cannot do it now, or this gateway is not set up for it: nothing was spent, the same may succeed later. */
export function isPassing({ code, status }: GatewayFailure): boolean {
  return code === 'keys_not_pinned' || (code === 'refused' && [429, 502, 503, 504].includes(status ?? 0));
}

/** The console has answered, and would answer the same again. */
export function isRefusal(failure: GatewayFailure): boolean {
  return failure.code === 'refused' && !isPassing(failure);
}

/** The end of a task that is neither pending nor approved. */
export function endOf({ status, denialReason, superseded }: Task): Ended {
  if (superseded) return { status: 'superseded', taskId: superseded.taskId, narrowed: superseded.action };
  if (status === 'denied') return { status, reasonCode: denialReason };
  if (status === 'expired' || status === 'cancelled') return { status, reasonCode: null };
  return { status: 'failed_request', reasonCode: null };
}
