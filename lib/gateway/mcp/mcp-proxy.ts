/**
 * A proxy between an agent and one Model Context Protocol server, message by message. Everything passes but `tools/call`:
 * it is put under policy and approval, and only what was allowed or approved, redeemed and journalled reaches the server,
 * printed from the very arguments that were authorised.
 *
 * The agent's side and the server's are both hostile here: an answer to a request that was not sent on, progress for a
 * call that waits, a batch, a key spelled twice or a method nobody knows does not pass.
 */
import type { JsonObject } from '@/lib/core/json';
import { annotateInitialize, annotateTools } from './annotate-tools';
import { createCallGate } from './call-gate';
import {
  formatRpc,
  guessId,
  isId,
  parseRpc,
  RPC_BUSY,
  RPC_INVALID_REQUEST,
  RPC_METHOD_NOT_FOUND,
  type RpcAnswer,
  type RpcId,
  type RpcMessage,
  type RpcRequest,
} from './json-rpc';
import { CLIENT_METHODS, isNotificationMethod, SERVER_METHODS } from './mcp-methods';
import { MAX_CLIENT_LINE_BYTES, MAX_SERVER_LINE_BYTES, type McpProxyOptions } from './mcp-proxy-options';
import { createProgressRelay } from './progress-relay';
import { createSentRequests } from './sent-requests';

export interface McpProxy {
  /** One line from the agent's side, and one from the server's, without newlines. */
  fromClient(line: string): void;
  fromServer(line: string): void;
  /** A request could not be delivered to the server, or its answer could not be had. */
  serverFailed(id: RpcId): void;
  /**
   * One side is gone: nothing waits any more. What was sent on is still reported, and a server that is gone has failed
   * every request; resolves when that is done.
   */
  end(gone: 'client' | 'server'): Promise<void>;
}

const MAX_SENT = 256;
const CANCELLED = 'notifications/cancelled';
const PROGRESS = 'notifications/progress';

export function createMcpProxy(options: McpProxyOptions): McpProxy {
  const { note } = options;
  const sent = createSentRequests();
  const progress = createProgressRelay();
  const serverRequests = new Set<RpcId>();
  const extra = options.passMethods ?? [];

  const toClient = (message: RpcMessage): void => options.toClient(formatRpc(message));
  const toServer = (message: RpcMessage): void => options.toServer(formatRpc(message));
  const refuse = (id: RpcId, code: number, message: string): void =>
    toClient({ kind: 'answer', id, error: { code, message } });
  const gate = createCallGate(options, { toClient, toServer, refuse, sent, progress });
  const isInUse = (id: RpcId): boolean => gate.has(id) || sent.has(id);

  function fromClient(line: string): void {
    const read = parseRpc(line, { maxBytes: MAX_CLIENT_LINE_BYTES, unknownMembers: 'refuse' });
    if (!read.ok) {
      note(`refused a message of the agent: ${read.code}`);
      const id = guessId(line);
      if (id !== null && !isInUse(id))
        refuse(
          id,
          RPC_INVALID_REQUEST,
          `Refused by the gateway: ${read.code} (${read.detail ?? 'message'}).`,
        );
      return;
    }
    const message = read.value;
    if (message.kind === 'request') onRequest(message);
    else if (message.kind === 'answer') {
      if (serverRequests.delete(message.id)) toServer(message);
    } else if (message.method === CANCELLED) onCancelled(message.params);
    else if (isNotificationMethod(message.method)) toServer(message);
  }

  function onRequest(request: RpcRequest): void {
    const { id, method, params } = request;
    if (isInUse(id)) note('refused a request under an id that is in use');
    else if (method === 'tools/call') gate.hold(id, params);
    else if (!CLIENT_METHODS.has(method) && !extra.includes(method))
      refuse(id, RPC_METHOD_NOT_FOUND, `The method ${method} does not pass this gateway.`);
    else if (sent.size >= MAX_SENT) refuse(id, RPC_BUSY, 'Too many requests are unanswered.');
    else passOn(request);
  }

  function passOn(request: RpcRequest): void {
    const { id, method, params } = request;
    const token = progressTokenOf(params);
    const hears = token !== null && progress.open(token);
    if (hears) progress.forward(token);
    sent.add(id, {
      method,
      onAnswer(answer) {
        if (hears) progress.close(token);
        if (answer) toClient(annotateAnswer(method, answer));
        else refuse(id, RPC_BUSY, 'The server gave no readable answer.');
      },
    });
    toServer(request);
  }

  function onCancelled(params: JsonObject | undefined): void {
    const id = params?.requestId;
    if (!isId(id)) return;
    gate.cancel(id);
    if (sent.has(id)) toServer({ kind: 'notification', method: CANCELLED, params: { requestId: id } });
  }

  function fromServer(line: string): void {
    const read = parseRpc(line, { maxBytes: MAX_SERVER_LINE_BYTES, unknownMembers: 'drop' });
    if (!read.ok) {
      note(`dropped a line of the server: ${read.code}`);
      const id = guessId(line);
      if (id !== null) sent.answer(id, null);
      return;
    }
    const message = read.value;
    if (message.kind === 'answer') {
      // A server that answers a call which still waits for people is not heard.
      if (!sent.answer(message.id, message)) note('dropped an answer of the server to nothing it was asked');
    } else if (message.kind === 'request') onServerRequest(message);
    else if (message.method === PROGRESS) {
      const params = progress.relay(message.params);
      if (params) toClient({ ...message, params });
    } else if (isNotificationMethod(message.method)) toClient(message);
  }

  function onServerRequest(request: RpcRequest): void {
    const { id, method } = request;
    if (!SERVER_METHODS.has(method) && !extra.includes(method)) {
      const error = { code: RPC_METHOD_NOT_FOUND, message: 'This method does not pass the gateway.' };
      toServer({ kind: 'answer', id, error });
    } else if (serverRequests.size >= MAX_SENT || serverRequests.has(id)) {
      note('dropped a request of the server: too many, or its id is in use');
    } else {
      serverRequests.add(id);
      toClient(request);
    }
  }

  return {
    fromClient,
    fromServer,
    serverFailed: (id) => void sent.answer(id, null),
    end(gone) {
      const ended = gate.end(gone === 'client' ? 'gone' : 'listening');
      if (gone === 'server') sent.failAll();
      return ended;
    },
  };
}

function annotateAnswer(method: string, answer: RpcAnswer): RpcAnswer {
  if ('error' in answer) return answer;
  if (method === 'tools/list') return { ...answer, result: annotateTools(answer.result) };
  if (method === 'initialize') return { ...answer, result: annotateInitialize(answer.result) };
  return answer;
}

function progressTokenOf(params: JsonObject | undefined): RpcId | null {
  const meta = params?._meta as JsonObject | undefined;
  return isId(meta?.progressToken) ? meta.progressToken : null;
}
