import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';

const NOTE =
  'Calls are checked against a policy and may wait for a person to approve them; a call that is not approved says why and changes nothing.';

/** A server's answer to `tools/list`, with a note on each tool that calls may need approval. Everything else stays. */
export function annotateTools(result: JsonObject): JsonObject {
  return Array.isArray(result.tools) ? { ...result, tools: result.tools.map(annotate) } : result;
}

function annotate(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool)) return tool;
  const { execution: _, ...rest } = tool;
  const about = typeof tool.description === 'string' ? tool.description : '';
  return { ...rest, description: about === '' ? NOTE : `${about}\n\n${NOTE}` };
}

/** A server's answer to `initialize`, without what the proxy does not pass: tool calls as background tasks. */
export function annotateInitialize(result: JsonObject): JsonObject {
  if (!isJsonObject(result.capabilities)) return result;
  const { tasks: _, ...capabilities } = result.capabilities;
  return { ...result, capabilities };
}
