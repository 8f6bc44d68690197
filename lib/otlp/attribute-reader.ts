import type * as z from 'zod';
import type { JsonValue } from '@/lib/core/json';
import { foreignId, subjectToken } from '@/lib/decisions/record-payload';
import type { Attributes } from './span';
import type { SpanRefusal } from './span-refusal';

/** Ends the reading of one span with a reason. */
export class SpanRefused extends Error {
  constructor(readonly reason: SpanRefusal) {
    super(reason);
  }
}

/** The value of an attribute as `schema` has it; undefined when it is absent. @throws SpanRefused when it is malformed */
export function optional<T>(
  attributes: Attributes,
  name: string,
  schema: z.ZodType<T>,
  reason: SpanRefusal,
): T | undefined {
  return attributes.has(name) ? read(attributes.get(name), schema, reason) : undefined;
}

/** @throws SpanRefused when it is absent or malformed */
export function required<T>(
  attributes: Attributes,
  name: string,
  schema: z.ZodType<T>,
  reason: SpanRefusal,
): T {
  return read(attributes.get(name), schema, reason);
}

/** @throws SpanRefused */
export function read<T>(value: JsonValue | undefined, schema: z.ZodType<T>, reason: SpanRefusal): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new SpanRefused(reason);
  return parsed.data;
}

/**
 * All of `names` or none of them, as an object of their last segments.
 * @throws SpanRefused when only some stand there
 */
export function whole<K extends string>(
  attributes: Attributes,
  names: Readonly<Record<K, string>>,
  reason: SpanRefusal,
): Record<K, JsonValue> | undefined {
  const entries = Object.entries<string>(names).map(([key, name]) => [key, attributes.get(name)] as const);
  if (entries.every(([, value]) => value === undefined)) return undefined;
  if (entries.some(([, value]) => value === undefined)) throw new SpanRefused(reason);
  return Object.fromEntries(entries) as Record<K, JsonValue>;
}

/** `customer=tok_…` → `{type, token}`. @throws SpanRefused */
export function readSubject(value: JsonValue, reason: SpanRefusal): { type: string; token: string } {
  const text = typeof value === 'string' ? value : '';
  const at = text.lastIndexOf('=');
  if (at < 1) throw new SpanRefused(reason);
  return {
    type: read(text.slice(0, at), foreignId, reason),
    token: read(text.slice(at + 1), subjectToken, reason),
  };
}
