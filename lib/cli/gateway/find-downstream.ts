import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { isForeignId } from '@/lib/core/id';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import type { Downstream } from '@/lib/gateway/access-client';
import type { ToolCall } from '@/lib/gateway/mcp/tool-call';
import type { DownstreamRule } from './gateway-settings';

/**
 * What a call created elsewhere, where the operator said where its id stands. An id that is no plain identifier (a path,
 * a sentence) is named by its SHA-256: records hold no contents.
 */
export function findDownstream(
  rules: Readonly<Record<string, DownstreamRule>>,
  call: ToolCall,
  result: JsonObject,
): Downstream[] {
  const rule = Object.hasOwn(rules, call.tool) ? rules[call.tool] : undefined;
  if (!rule) return [];
  let value: JsonValue | undefined = { arguments: call.arguments ?? {}, result };
  for (const step of rule.id) value = memberOf(value, step);
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value);
  if (text === '') return [];
  const id = isForeignId(text) ? text : `sha-256:${formatHex(sha256(utf8(text)))}`;
  return [{ system: rule.system, type: rule.type, id }];
}

function memberOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
