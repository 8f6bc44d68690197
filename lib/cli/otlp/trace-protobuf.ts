/**
 * The messages of OTLP that the bridge needs (opentelemetry-proto v1: `collector/trace/v1`, `trace/v1`, `common/v1`), by
 * protobufjs. Fields that are not listed are passed over. What is decoded takes the JSON form of OTLP, so that both
 * encodings are read by one schema.
 */
import protobuf from 'protobufjs/light.js';
import { formatHex } from '@/lib/core/encoding';
import { type JsonValue, parseJsonValue } from '@/lib/core/json';

const field = (type: string, id: number, rule?: 'repeated') => ({ type, id, ...(rule ? { rule } : {}) });

const root = protobuf.Root.fromJSON({
  nested: {
    TraceRequest: { fields: { resourceSpans: field('ResourceSpans', 1, 'repeated') } },
    ResourceSpans: {
      fields: { resource: field('Resource', 1), scopeSpans: field('ScopeSpans', 2, 'repeated') },
    },
    Resource: { fields: { attributes: field('KeyValue', 1, 'repeated') } },
    ScopeSpans: { fields: { spans: field('Span', 2, 'repeated') } },
    Span: {
      fields: {
        traceId: field('bytes', 1),
        spanId: field('bytes', 2),
        endTimeUnixNano: field('fixed64', 8),
        attributes: field('KeyValue', 9, 'repeated'),
        events: field('Event', 11, 'repeated'),
      },
    },
    Event: { fields: { name: field('string', 2), attributes: field('KeyValue', 3, 'repeated') } },
    KeyValue: { fields: { key: field('string', 1), value: field('AnyValue', 2) } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: field('string', 1),
        boolValue: field('bool', 2),
        intValue: field('int64', 3),
        doubleValue: field('double', 4),
        arrayValue: field('ArrayValue', 5),
        kvlistValue: field('KeyValueList', 6),
        bytesValue: field('bytes', 7),
      },
    },
    ArrayValue: { fields: { values: field('AnyValue', 1, 'repeated') } },
    KeyValueList: { fields: { values: field('KeyValue', 1, 'repeated') } },
    TraceResponse: { fields: { partialSuccess: field('PartialSuccess', 1) } },
    PartialSuccess: { fields: { rejectedSpans: field('int64', 1), errorMessage: field('string', 2) } },
    Status: { fields: { code: field('int32', 1), message: field('string', 2) } },
  },
});

/** Containers inside containers of a request: a value inside a value takes four. */
export const MAX_DEPTH = 128;

/** Null when the bytes are no such message. */
export function decodeTraceRequest(bytes: Uint8Array): JsonValue | null {
  const type = root.lookupType('TraceRequest');
  try {
    const object = type.toObject(type.decode(bytes), { longs: String, bytes: String, json: true });
    // As deep as the JSON form may be, and no half characters: what reads it further on recurses and signs.
    const value = parseJsonValue(object, { allowFloats: true, maxDepth: MAX_DEPTH });
    return value.ok ? withHexIds(value.value) : null;
  } catch {
    return null;
  }
}

type Spans = { resourceSpans?: { scopeSpans?: { spans?: { traceId?: string; spanId?: string }[] }[] }[] };

/** Ids are bytes in protobuf, base64 in its general JSON form, and hexadecimal in OTLP's. */
function withHexIds(request: JsonValue): JsonValue {
  const hex = (base64: string | undefined) => formatHex(new Uint8Array(Buffer.from(base64 ?? '', 'base64')));
  for (const resource of (request as Spans).resourceSpans ?? []) {
    for (const span of (resource.scopeSpans ?? []).flatMap(({ spans }) => spans ?? [])) {
      span.traceId = hex(span.traceId);
      span.spanId = hex(span.spanId);
    }
  }
  return request;
}

export function encodeTraceResponse(
  partial: { rejectedSpans: number; errorMessage: string } | null,
): Uint8Array {
  const type = root.lookupType('TraceResponse');
  return new Uint8Array(type.encode(type.create(partial ? { partialSuccess: partial } : {})).finish());
}

/** `google.rpc.Status`. */
export function encodeStatus(code: number, message: string): Uint8Array {
  const type = root.lookupType('Status');
  return new Uint8Array(type.encode(type.create({ code, message })).finish());
}
