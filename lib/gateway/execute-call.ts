import type { Action } from '@/lib/tokens/action';
import type { ActionOutcome, Task } from './access-client';
import type { CallJournal } from './call-journal';
import { type CallStages, NOT_FORWARDED } from './call-stages';
import { failure, type GatewayFailure } from './gateway-result';
import type { Executed } from './guard';
import { type CallClient, type CallOutcome, type Execute, failed, isPassing } from './guarded-call';
import { spendApproval } from './spend-approval';

/** Executes what the policy allowed; its outcome is the producer's own record. */
export async function executeAllowed<T>(
  client: CallClient,
  decisionId: string,
  execute: Execute<T>,
  signal?: AbortSignal,
): Promise<CallOutcome<T>> {
  const record = async (outcome: ActionOutcome): Promise<GatewayFailure | undefined> => {
    const sent = await client.record({
      kind: 'action.outcome',
      id: `${decisionId}.outcome`,
      body: { decision_id: decisionId, state: outcome.state, downstream: outcome.downstream },
    });
    return sent.ok ? undefined : sent;
  };
  if (!signal?.aborted) return executeOnce(execute, record);
  await record(NOT_FORWARDED);
  return failed(failure('aborted'));
}

/** Verifies and redeems the approval, then executes: each step is in the journal before it is taken. */
export async function executeApproved<T>(
  context: { client: CallClient; journal: CallJournal; stages: CallStages },
  call: { key: string; action: Action; task: Task },
  execute: Execute<T>,
  signal?: AbortSignal,
): Promise<CallOutcome<T>> {
  const { client, journal, stages } = context;
  const { id: taskId, approval } = call.task;
  const entry = await journal.get(call.key);
  if (!entry || !approval) return failed(failure('response_malformed', { detail: 'no approval' }));
  const approvalId = approval.id;
  const spending = await stages.advance(entry, { name: 'spending', taskId, approvalId });
  const spent = await spendApproval(client, call.action, approval, entry.terms);
  if (!spent.ok && isPassing(spent)) {
    await stages.advance(spending, { name: 'waiting', taskId });
    return failed(spent);
  }
  if (!spent.ok || signal?.aborted) {
    await stages.report(spending, approvalId, NOT_FORWARDED);
    return failed(spent.ok ? failure('aborted') : spent);
  }
  const forwarding = await stages.advance(spending, { name: 'forwarding', taskId, approvalId });
  return executeOnce(execute, (outcome) => stages.report(forwarding, approvalId, outcome));
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
