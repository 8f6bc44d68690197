/**
 * Approvals for tools of the OpenAI Agents SDK (0.20), by its own interruptions:
 *
 *   const approvals = createOpenAiApprovals({ calls, agent, application: 'payments', session: 'run-7' });
 *   const pay = tool({
 *     name: 'pay', description: '…', parameters: z.object({ to: z.string(), amount: z.string() }),
 *     ...approvals.guard('pay', async (input) => ({ value: await bank.pay(input) })),
 *   });
 *   let result = await run(agent, 'Pay invoice 4471');
 *   while (result.interruptions.length > 0) {
 *     const { waiting } = await approvals.decide(result.state, result.interruptions, { timeoutMs: 600_000 });
 *     if (waiting > 0) return save(result.state.toString());      // nobody has decided: go on another day
 *     result = await run(agent, result.state);
 *   }
 *
 * The SDK's approval is only its permission to go on. What authorises is the token: it is verified and redeemed for the
 * very input that `execute` was given, in the moment before it runs.
 */
import { isJsonObject, type JsonObject, parseJson } from '@/lib/core/json';
import { describeForAgent } from './agent-words';
import { type FrameworkOptions, frameworkCall } from './framework-call';
import type { Executed } from './guard';
import type { NotExecuted, Settled } from './guarded-call';

/** What is read of the SDK's `RunToolApprovalItem`. */
export interface ApprovalItem {
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
  readonly rawItem: object;
}

/** What is called of the SDK's `RunState`. */
export interface ApprovalState<I> {
  approve(item: I): void;
  reject(item: I, options?: { message?: string }): void;
}

type CallDetails = { toolCall?: { callId?: string }; signal?: AbortSignal };

export interface OpenAiApprovals {
  /** `needsApproval` and `execute` of one tool. A call that is not authorised answers why, and changes nothing. */
  guard<A extends object, T>(
    tool: string,
    execute: (input: A) => Promise<Executed<T>>,
  ): {
    needsApproval(context: unknown, input: A, callId?: string): Promise<boolean>;
    execute(input: A, context?: unknown, details?: CallDetails): Promise<T | string>;
  };
  /** Waits for people and tells the run what they said. @returns how many calls nobody has decided yet */
  decide<I extends ApprovalItem>(
    state: ApprovalState<I>,
    items: readonly I[],
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<{ waiting: number }>;
}

export function createOpenAiApprovals(options: FrameworkOptions & { session: string }): OpenAiApprovals {
  const { calls, session } = options;
  const callOf = (tool: string, callId: string, input: JsonObject) =>
    frameworkCall(options, { session, callId, tool, input });

  async function settle(
    item: ApprovalItem,
    wait: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Settled> {
    const input = parseJson(item.arguments ?? '');
    const { callId } = item.rawItem as { callId?: unknown };
    if (!input.ok || !isJsonObject(input.value) || typeof callId !== 'string' || item.name === undefined)
      return { status: 'failed', failure: { ok: false, code: 'action_invalid' } };
    return calls.settle(callOf(item.name, callId, input.value), wait);
  }

  return {
    guard: (tool, execute) => ({
      async needsApproval(_context, input, callId) {
        if (callId === undefined) return true;
        const begun = await calls.begin(callOf(tool, callId, input as JsonObject));
        return begun.status !== 'allowed';
      },
      async execute(input, _context, details) {
        const callId = details?.toolCall?.callId;
        if (callId === undefined) return describeForAgent({ status: 'busy' }).text;
        const call = callOf(tool, callId, input as JsonObject);
        const outcome = await calls.perform(call, () => execute(input), details?.signal);
        if (outcome.status === 'executed') return outcome.value;
        if (outcome.status === 'upstream_error') throw outcome.error;
        return describeForAgent(outcome).text;
      },
    }),
    async decide(state, items, wait) {
      const settled = await Promise.all(
        items.map(async (item) => ({ item, answer: await settle(item, wait) })),
      );
      let waiting = 0;
      for (const { item, answer } of settled) {
        if (answer.status === 'allowed' || answer.status === 'approved') state.approve(item);
        else if (isUndecided(answer)) waiting++;
        else state.reject(item, { message: describeForAgent(answer).text });
      }
      return { waiting };
    },
  };
}

/** Nothing was decided against the call: the same question may be asked again. */
function isUndecided(answer: NotExecuted): boolean {
  if (answer.status === 'pending' || answer.status === 'busy') return true;
  return answer.status === 'failed' && ['unreachable', 'timeout', 'aborted'].includes(answer.failure.code);
}
