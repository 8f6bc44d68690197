import type { JsonObject } from '@/lib/core/json';
import { describeForAgent } from '../agent-words';
import { formatDecisionBody } from '../decision-body';
import type { CallOutcome } from '../guarded-call';
import { RPC_BUSY, RPC_INVALID_PARAMS, type RpcAnswer, type RpcId, type RpcMessage } from './json-rpc';
import type { McpProxyOptions } from './mcp-proxy-options';
import type { ProgressRelay } from './progress-relay';
import type { SentRequests } from './sent-requests';
import { parseToolCall, type ToolCall, type ToolCallCode, toolAction } from './tool-call';

/** The calls of tools, each held until there is authority for it. */
export interface CallGate {
  has(id: RpcId): boolean;
  /** Takes a `tools/call` with attacker-controlled params; its answer goes to the client by itself. */
  hold(id: RpcId, params: JsonObject | undefined): void;
  /** The client gave up: nothing that still waits is executed for it. */
  cancel(id: RpcId): void;
  /** Nothing waits any more; resolves when what was sent on has been answered and reported. */
  end(client: 'gone' | 'listening'): Promise<void>;
}

const MAX_HELD = 64;

/** The server's answer to a call that failed there; the agent gets it as it is. */
class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  constructor(readonly answer: RpcAnswer | null) {
    super('the server failed');
  }
}

export function createCallGate(
  options: McpProxyOptions,
  wires: {
    toClient(message: RpcMessage): void;
    toServer(message: RpcMessage): void;
    refuse(id: RpcId, code: number, message: string): void;
    sent: SentRequests;
    progress: ProgressRelay;
  },
): CallGate {
  const { agent, note } = options;
  const { toClient, toServer, refuse, sent, progress } = wires;
  const held = new Map<RpcId, { controller: AbortController; gone: boolean }>();
  const working = new Set<Promise<void>>();

  function hold(id: RpcId, params: JsonObject | undefined): void {
    const call = parseToolCall(params);
    if (!call.ok) refuseCall(id, call.code, call.detail);
    else if (held.size >= MAX_HELD) refuse(id, RPC_BUSY, 'Too many calls are waiting already.');
    else {
      const work = decideCall(id, call.value).catch(() => {
        note('a call failed inside the gateway');
        refuse(id, RPC_BUSY, 'The gateway failed; it does not say that nothing was executed.');
      });
      working.add(work);
      void work.finally(() => working.delete(work));
    }
  }

  /** What a model can mend is a tool's error; what its client got wrong is the protocol's. */
  function refuseCall(id: RpcId, code: ToolCallCode, detail: string | undefined): void {
    note(`refused a call: ${code}`);
    if (code === 'arguments_not_json') {
      const failure = { ok: false, code: 'action_invalid' } as const;
      answerNotExecuted(id, describeForAgent({ status: 'failed', failure }));
    } else if (code === 'arguments_case') {
      const text = 'Two arguments have names that differ only in case. Nothing was executed.';
      answerNotExecuted(id, { code: 'unreadable', text });
    } else
      refuse(id, RPC_INVALID_PARAMS, `tools/call: ${detail === undefined ? code : `${code} (${detail})`}`);
  }

  async function decideCall(id: RpcId, call: ToolCall): Promise<void> {
    const state = { controller: new AbortController(), gone: false };
    held.set(id, state);
    const action = toolAction(call, { agent: agent.id, server: options.server, context: options.context });
    const token =
      call.progressToken !== undefined && progress.open(call.progressToken) ? call.progressToken : null;
    const timer = token === null ? undefined : setInterval(() => tellWaiting(token), options.progressEveryMs);
    try {
      const outcome = await options.calls.run(
        {
          session: options.session,
          action,
          decision: (evaluation) =>
            formatDecisionBody(agent, action, evaluation, { sessionId: options.session }),
        },
        async () => {
          clearInterval(timer);
          const result = await callServer(id, call, token);
          return { value: result, downstream: options.downstream?.(call, result) ?? [] };
        },
        {
          timeoutMs: token === null ? options.waitWithoutProgressMs : options.waitMs,
          signal: state.controller.signal,
        },
      );
      note(`${call.tool}: ${describeForOperator(outcome)}`);
      if (!state.gone) answerCall(id, outcome);
    } finally {
      clearInterval(timer);
      held.delete(id);
      if (token !== null) progress.close(token);
    }
  }

  function tellWaiting(token: RpcId): void {
    const params = progress.waiting(token, 'Waiting for a person to decide.');
    toClient({ kind: 'notification', method: 'notifications/progress', params });
  }

  /** Sends one authorised call, printed from what was authorised, and waits. @throws UpstreamFailure */
  function callServer(id: RpcId, call: ToolCall, token: RpcId | null): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => sent.answer(id, null), options.answerMs);
      sent.add(id, {
        method: 'tools/call',
        onAnswer(answer) {
          clearTimeout(timer);
          if (answer && 'result' in answer && answer.result.isError !== true) resolve(answer.result);
          else reject(new UpstreamFailure(answer));
        },
      });
      if (token !== null) progress.forward(token);
      toServer({
        kind: 'request',
        id,
        method: 'tools/call',
        params: {
          name: call.tool,
          ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
          ...(token === null ? {} : { _meta: { progressToken: token } }),
        },
      });
    });
  }

  function answerCall(id: RpcId, outcome: CallOutcome<JsonObject>): void {
    if (outcome.status === 'executed') toClient({ kind: 'answer', id, result: outcome.value });
    else if (outcome.status !== 'upstream_error') answerNotExecuted(id, describeForAgent(outcome));
    else if (outcome.error instanceof UpstreamFailure && outcome.error.answer) toClient(outcome.error.answer);
    else
      answerNotExecuted(id, {
        code: 'upstream_error',
        text: 'The call was sent to the server, which gave no readable answer: it may have been executed.',
      });
  }

  function answerNotExecuted(id: RpcId, { code, text }: { code: string; text: string }): void {
    const _meta = { 'countersign/outcome': code };
    toClient({ kind: 'answer', id, result: { content: [{ type: 'text', text }], isError: true, _meta } });
  }

  return {
    has: (id) => held.has(id),
    hold,
    cancel(id) {
      const state = held.get(id);
      if (!state) return;
      state.gone = true;
      state.controller.abort();
    },
    async end(client) {
      for (const state of held.values()) {
        state.gone ||= client === 'gone';
        state.controller.abort();
      }
      await Promise.all(working);
    },
  };
}

/** Codes only: what is written to a log may be read by many. */
function describeForOperator(outcome: CallOutcome<JsonObject>): string {
  const failure =
    outcome.status === 'failed' ? outcome.failure : 'unreported' in outcome ? outcome.unreported : undefined;
  if (!failure) return outcome.status;
  return `${outcome.status}, ${failure.code}${failure.problem === undefined ? '' : ` ${failure.problem}`}`;
}
