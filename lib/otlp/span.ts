/**
 * OTLP spans as this bridge reads them, from the JSON form of an `ExportTraceServiceRequest` (OTLP specification, "JSON
 * Protobuf Encoding": ids in hexadecimal, 64-bit integers as decimal strings or numbers). Everything in a span is
 * attacker-controlled; members that are not needed are passed over.
 */
import * as z from 'zod';
import type { JsonValue } from '@/lib/core/json';
import { spanId, traceId } from '@/lib/decisions/record-payload';

/** Of one request; more is refused whole. */
export const MAX_SPANS = 4_096;
const MAX_ATTRIBUTES = 256;
const MAX_EVENTS = 256;

/** `AnyValue` after reading: integers that a double cannot hold are null, bytes their base64 text. */
export type Attributes = ReadonlyMap<string, JsonValue>;

export interface SpanEvent {
  name: string;
  attributes: Attributes;
}

export interface Span {
  traceId: string;
  spanId: string;
  endMs: number;
  attributes: Attributes;
  events: readonly SpanEvent[];
  /** Of the resource that sent it. */
  resource: Attributes;
}

type AnyValueWire = {
  stringValue?: string | undefined;
  boolValue?: boolean | undefined;
  intValue?: number | string | undefined;
  doubleValue?: number | string | undefined;
  bytesValue?: string | undefined;
  arrayValue?: { values?: AnyValueWire[] | undefined } | undefined;
  kvlistValue?: { values?: KeyValueWire[] | undefined } | undefined;
};
type KeyValueWire = { key: string; value?: AnyValueWire | null | undefined };

const anyValue: z.ZodType<AnyValueWire> = z.lazy(() =>
  z.object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: z.union([z.number(), z.string().regex(/^-?\d{1,20}$/)]).optional(),
    doubleValue: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).optional(),
    bytesValue: z.string().optional(),
    arrayValue: z.object({ values: z.array(anyValue).optional() }).optional(),
    kvlistValue: z.object({ values: z.array(keyValue).optional() }).optional(),
  }),
);
const keyValue: z.ZodType<KeyValueWire> = z.lazy(() =>
  z.object({ key: z.string(), value: anyValue.nullish() }),
);

const attributes = z.array(keyValue).max(MAX_ATTRIBUTES).default([]);
// A number with a fraction is none of nanoseconds, and would throw where it is converted. One beyond 2^53 is today's time.
const nanoseconds = z
  .union([z.number().nonnegative().refine(Number.isInteger), z.string().regex(/^\d{1,20}$/)])
  .transform((value) => BigInt(value));

const wireSpan = z.object({
  traceId: z.string().toLowerCase().pipe(traceId),
  spanId: z.string().toLowerCase().pipe(spanId),
  endTimeUnixNano: nanoseconds,
  attributes,
  events: z
    .array(z.object({ name: z.string().max(1_024).default(''), attributes }))
    .max(MAX_EVENTS)
    .default([]),
});

export const traceRequest = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).nullish(),
        scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).default([]) })).default([]),
      }),
    )
    .default([]),
});

/** The request as spans, each read or null where it is none. Null when there are too many, or when it is no request. */
export function readTraceRequest(request: JsonValue): (Span | null)[] | null {
  const parsed = traceRequest.safeParse(request);
  if (!parsed.success) return null;
  const spans: (Span | null)[] = [];
  for (const { resource, scopeSpans } of parsed.data.resourceSpans) {
    const shared = toAttributes(resource?.attributes ?? []);
    for (const scope of scopeSpans) {
      if (spans.length + scope.spans.length > MAX_SPANS) return null;
      for (const span of scope.spans) spans.push(readSpan(span, shared));
    }
  }
  return spans;
}

function readSpan(value: unknown, resource: Attributes): Span | null {
  const parsed = wireSpan.safeParse(value);
  if (!parsed.success) return null;
  const { endTimeUnixNano, events, ...span } = parsed.data;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    endMs: Number(endTimeUnixNano / 1_000_000n),
    attributes: toAttributes(span.attributes),
    events: events.map((event) => ({ name: event.name, attributes: toAttributes(event.attributes) })),
    resource,
  };
}

/** A key that stands twice has no value: which of them was meant is not guessed. */
function toAttributes(list: readonly KeyValueWire[]): Attributes {
  const found = new Map<string, JsonValue>();
  for (const { key, value } of list) found.set(key, found.has(key) ? null : toJson(value));
  return found;
}

function toJson(value: AnyValueWire | null | undefined): JsonValue {
  if (value === null || value === undefined) return null;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) {
    const integer = Number(value.intValue);
    return Number.isSafeInteger(integer) ? integer : null;
  }
  if (value.doubleValue !== undefined)
    return typeof value.doubleValue === 'number' ? value.doubleValue : null;
  if (value.bytesValue !== undefined) return value.bytesValue;
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(toJson);
  if (value.kvlistValue)
    return Object.fromEntries(
      (value.kvlistValue.values ?? []).map((entry) => [entry.key, toJson(entry.value)]),
    );
  return null;
}
