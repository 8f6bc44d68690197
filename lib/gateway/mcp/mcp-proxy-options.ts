import type { JsonObject } from '@/lib/core/json';
import type { Downstream } from '../access-client';
import type { AgentIdentity } from '../decision-body';
import type { PendingCalls } from '../pending-calls';
import type { ToolCall } from './tool-call';

export interface McpProxyOptions {
  calls: PendingCalls;
  agent: AgentIdentity;
  /** The server's name: prefix of its tools in the policy, and the resource of their actions. */
  server: string;
  /** Whose calls these are; a restart under the same name finds what was asked for. */
  session: string;
  /** What authority depends on beside the action: principal, session, runtime, purpose. */
  context: JsonObject;
  toClient(line: string): void;
  toServer(line: string): void;
  /** One line for the operator; never arguments, never results. */
  note(text: string): void;
  /** How long a call waits for people when its client hears of progress, and when it does not. */
  waitMs: number;
  waitWithoutProgressMs: number;
  progressEveryMs: number;
  /** How long a server may take to answer a call. */
  answerMs: number;
  /** Methods beyond the protocol's that pass. */
  passMethods?: readonly string[];
  /** What a call created elsewhere, by its answer. */
  downstream?(call: ToolCall, result: JsonObject): Downstream[];
}

export const MAX_CLIENT_LINE_BYTES = 4 * 1_048_576;
export const MAX_SERVER_LINE_BYTES = 16 * 1_048_576;
