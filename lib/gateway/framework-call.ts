import type { JsonObject } from '@/lib/core/json';
import { type AgentIdentity, formatDecisionBody } from './decision-body';
import type { GuardedCall } from './guarded-call';
import type { PendingCalls } from './pending-calls';

/** What an agent framework's adapter needs to know of the application whose tools it guards. */
export interface FrameworkOptions {
  calls: PendingCalls;
  agent: AgentIdentity;
  /** Prefix of its tools in the policy (`<application>.<tool>`), and the resource of their actions. */
  application: string;
  /** What authority depends on beside the action: principal, runtime, purpose. */
  context?: JsonObject;
}

/**
 * A framework's tool call as the action that people authorise. Its number is part of the session, not of the action: a
 * framework that replays a step finds the approval of that step, and the same action asked twice is two requests.
 */
export function frameworkCall(
  options: FrameworkOptions,
  call: { session: string; callId: string; tool: string; input: JsonObject },
): GuardedCall {
  const { agent, application } = options;
  const action = {
    subject: { type: 'agent', id: agent.id },
    resource: { type: 'application', id: application },
    action: { name: `${application}.${call.tool}`, properties: call.input },
    context: { session: call.session, ...options.context },
  };
  return {
    session: `${call.session}/${call.callId}`,
    action,
    decision: (evaluation) => formatDecisionBody(agent, action, evaluation, { sessionId: call.session }),
  };
}
