import { isTraceId } from '@/lib/decisions/trace-url';

export interface TraceParent {
  traceId: string;
  spanId: string;
  sampled: boolean;
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** W3C Trace Context §3.2: null for what is none, and for what a later version may mean otherwise. */
export function parseTraceparent(header: string | null): TraceParent | null {
  const match = TRACEPARENT.exec(header ?? '');
  if (!match) return null;
  const [, version, traceId = '', spanId = '', flags = '', rest] = match;
  if (version === '00' && rest !== undefined) return null;
  if (!isTraceId(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
