/**
 * A `tools/call` request as the action that people authorise. The arguments are the action's properties exactly as they
 * will be sent to the server; what cannot be hashed or could be read in two ways is refused.
 *
 *   {"name":"write_file","arguments":{"path":"/a","content":"x"}}  →
 *   {"subject":{"type":"agent","id":"files-agent"},"resource":{"type":"mcp_server","id":"files"},
 *    "action":{"name":"files.write_file","properties":{"path":"/a","content":"x"}},"context":{}}
 */
import { isForeignId } from '@/lib/core/id';
import { isJsonObject, type JsonObject, type JsonValue, parseJsonValue } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import type { Action } from '@/lib/tokens/action';
import { isId, type RpcId } from './json-rpc';

export type ToolCall = {
  tool: string;
  /** Absent when the request had none: that is not the same as empty. */
  arguments?: JsonObject;
  progressToken?: RpcId;
};

export type ToolCallCode =
  | 'tool_name'
  | 'tool_member'
  | 'arguments_not_json'
  | 'arguments_case'
  | 'progress_token';

/** Who calls, and what authority depends on. */
export type CallOrigin = { agent: string; server: string; context: JsonObject };

const MEMBERS = new Set(['name', 'arguments', '_meta']);

/** Reads attacker-controlled params of `tools/call`. Task-augmented calls are refused: their result comes too late. */
export function parseToolCall(params: JsonObject | undefined): Result<ToolCall, ToolCallCode> {
  const { name, arguments: given, _meta: meta } = params ?? {};
  if (typeof name !== 'string' || !isForeignId(name)) return err('tool_name');
  const unknown = Object.keys(params ?? {}).find((key) => !MEMBERS.has(key));
  if (unknown !== undefined) return err('tool_member', unknown.slice(0, 64));
  const call: ToolCall = { tool: name };
  if (given !== undefined) {
    const json = parseJsonValue(given, { maxDepth: 28 });
    if (!json.ok || !isJsonObject(json.value))
      return err('arguments_not_json', json.ok ? 'object' : json.code);
    const twice = findSameButCase(json.value);
    if (twice !== undefined) return err('arguments_case', twice.slice(0, 64));
    call.arguments = json.value;
  }
  const token = isJsonObject(meta) ? meta.progressToken : undefined;
  if (token === undefined) return ok(call);
  return isId(token) ? ok({ ...call, progressToken: token }) : err('progress_token');
}

/** The action of a call; its name is `<server>.<tool>`. */
export function toolAction(call: ToolCall, origin: CallOrigin): Action {
  return {
    subject: { type: 'agent', id: origin.agent },
    resource: { type: 'mcp_server', id: origin.server },
    action: {
      name: `${origin.server}.${call.tool}`,
      ...(call.arguments === undefined ? {} : { properties: call.arguments }),
    },
    context: origin.context,
  };
}

/**
 * A member name that another one of the same object equals but for case: the policy reads `amount`, a server that does
 * not tell cases apart would act on `Amount`.
 */
function findSameButCase(value: JsonValue): string | undefined {
  if (Array.isArray(value)) return firstOf(value);
  if (!isJsonObject(value)) return undefined;
  const seen = new Set<string>();
  for (const key of Object.keys(value)) {
    const folded = key.normalize('NFKC').toUpperCase().toLowerCase();
    if (seen.has(folded)) return key;
    seen.add(folded);
  }
  return firstOf(Object.values(value));
}

function firstOf(values: readonly JsonValue[]): string | undefined {
  for (const item of values) {
    const found = findSameButCase(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
