/**
 * Approvals for tools of LangGraph.js (1.4), by its own interrupts:
 *
 *   const approvals = createLangGraphApprovals({ calls, agent, application: 'payments', interrupt });
 *   const pay = tool(
 *     (input, runtime) => approvals.guard(
 *       { session: runtime.configurable.thread_id, callId: runtime.toolCallId, tool: 'pay', input },
 *       async () => ({ value: await bank.pay(input) }),
 *     ),
 *     { name: 'pay', description: '…', schema: z.object({ to: z.string(), amount: z.string() }) },
 *   );
 *   let state = await graph.invoke(input, config);
 *   for (const { value } of state.__interrupt__ ?? [])
 *     if (isApprovalInterrupt(value)) await gateway.wait(value.taskId, { timeoutMs: 600_000 });
 *   state = await graph.invoke(new Command({ resume: true }), config);
 *
 * What the graph is resumed with is no authority: the token is verified and redeemed for the very input, in the moment
 * before the tool runs. A graph resumed too early is interrupted again.
 */
import type { JsonObject } from '@/lib/core/json';
import { describeForAgent } from './agent-words';
import { type FrameworkOptions, frameworkCall } from './framework-call';
import type { Executed } from './guard';

/** What the graph's caller finds in an interrupt: which request waits. */
export type ApprovalInterrupt = { countersign: 'approval'; taskId: string };

export function isApprovalInterrupt(value: unknown): value is ApprovalInterrupt {
  const found = value as Partial<ApprovalInterrupt> | null;
  return found?.countersign === 'approval' && typeof found.taskId === 'string';
}

export interface LangGraphApprovals {
  /**
   * Runs one tool call under policy and approval. Not to be wrapped in `try`: the interrupt is thrown.
   * @returns what `execute` gave, or in words why the call was not executed
   */
  guard<T>(
    call: { session: string; callId: string; tool: string; input: JsonObject },
    execute: () => Promise<Executed<T>>,
  ): Promise<T | string>;
}

export function createLangGraphApprovals(
  options: FrameworkOptions & {
    /** LangGraph's own `interrupt`. */
    interrupt(value: ApprovalInterrupt): unknown;
  },
): LangGraphApprovals {
  const { calls, interrupt } = options;
  return {
    async guard(asked, execute) {
      const call = frameworkCall(options, asked);
      const begun = await calls.begin(call);
      // Throws until the graph is resumed, and returns on every replay after that.
      if (begun.status === 'waiting') interrupt({ countersign: 'approval', taskId: begun.taskId });
      for (;;) {
        const outcome = await calls.perform(call, execute);
        if (outcome.status === 'executed') return outcome.value;
        if (outcome.status === 'upstream_error') throw outcome.error;
        if (outcome.status !== 'pending') return describeForAgent(outcome).text;
        interrupt({ countersign: 'approval', taskId: outcome.taskId });
      }
    },
  };
}
