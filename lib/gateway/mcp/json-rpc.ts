/**
 * One JSON-RPC 2.0 message of the Model Context Protocol, as a proxy may read it: a line of JSON with no key twice, one
 * message and not a batch, no members but the known ones. What is sent on is printed from what was read, so that two
 * parsers cannot take one line for two different messages.
 *
 *   {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"write_file","arguments":{"path":"/a"}}}
 */
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';

export type RpcId = string | number;
export type RpcError = { code: number; message: string; data?: JsonValue };
export type RpcRequest = { kind: 'request'; id: RpcId; method: string; params?: JsonObject };
export type RpcNotification = { kind: 'notification'; method: string; params?: JsonObject };
export type RpcAnswer = { kind: 'answer'; id: RpcId } & ({ result: JsonObject } | { error: RpcError });
export type RpcMessage = RpcRequest | RpcNotification | RpcAnswer;

export type RpcCode = 'rpc_json' | 'rpc_batch' | 'rpc_shape' | 'rpc_member';

export const RPC_INVALID_REQUEST = -32600;
export const RPC_METHOD_NOT_FOUND = -32601;
export const RPC_INVALID_PARAMS = -32602;
export const RPC_BUSY = -32000;

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const MAX_DEPTH = 100;

/**
 * Reads one line; the bytes are hostile on both sides. Unknown members are refused, or left out of what is read: either
 * way they are not sent on.
 */
export function parseRpc(
  line: string,
  options: { maxBytes: number; unknownMembers: 'refuse' | 'drop' },
): Result<RpcMessage, RpcCode> {
  const json = parseJson(line, { maxBytes: options.maxBytes, maxDepth: MAX_DEPTH, allowFloats: true });
  if (!json.ok) return err('rpc_json', json.code);
  const { value } = json;
  if (Array.isArray(value)) return err('rpc_batch');
  if (!isJsonObject(value) || value.jsonrpc !== '2.0') return err('rpc_shape');
  const unknown = Object.keys(value).find((key) => !MEMBERS.has(key));
  if (unknown !== undefined && options.unknownMembers === 'refuse')
    return err('rpc_member', unknown.slice(0, 64));
  return value.method === undefined ? readAnswer(value) : readCall(value);
}

/** The line of a message, without its newline. */
export function formatRpc(message: RpcMessage): string {
  const { kind: _, ...members } = message;
  return JSON.stringify({ jsonrpc: '2.0', ...members });
}

/** The id that a line seems to carry, to answer a line that cannot be read; null when there is none. */
export function guessId(line: string): RpcId | null {
  try {
    const value = JSON.parse(line) as { id?: unknown } | null;
    return isId(value?.id) ? value.id : null;
  } catch {
    return null;
  }
}

export function isId(value: unknown): value is RpcId {
  return typeof value === 'string' ? value.length <= 256 : Number.isSafeInteger(value);
}

function readCall(value: JsonObject): Result<RpcMessage, RpcCode> {
  const { id, method, params } = value;
  if (typeof method !== 'string' || method.length > 256) return err('rpc_shape', 'method');
  if (params !== undefined && !isJsonObject(params)) return err('rpc_shape', 'params');
  if ('result' in value || 'error' in value) return err('rpc_shape', 'method and result');
  const rest = { method, ...(params === undefined ? {} : { params }) };
  if (!('id' in value)) return ok({ kind: 'notification', ...rest });
  return isId(id) ? ok({ kind: 'request', id, ...rest }) : err('rpc_shape', 'id');
}

function readAnswer(value: JsonObject): Result<RpcMessage, RpcCode> {
  const { id, result, error } = value;
  if (!isId(id)) return err('rpc_shape', 'id');
  if ('params' in value || (result === undefined) === (error === undefined))
    return err('rpc_shape', 'result');
  if (result !== undefined)
    return isJsonObject(result) ? ok({ kind: 'answer', id, result }) : err('rpc_shape', 'result');
  if (!isJsonObject(error) || !Number.isSafeInteger(error.code) || typeof error.message !== 'string')
    return err('rpc_shape', 'error');
  const { code, message, data } = error as { code: number; message: string; data?: JsonValue };
  return ok({ kind: 'answer', id, error: { code, message, ...(data === undefined ? {} : { data }) } });
}
