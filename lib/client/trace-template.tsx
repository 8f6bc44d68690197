'use client';

import { createContext, useContext } from 'react';
import { formatTraceUrl } from '@/lib/decisions/trace-url';

/** The tracing UI that the operator named (`COUNTERSIGN_TRACE_URL`), or null. */
export const TraceTemplate = createContext<string | null>(null);

/** Where the tracing UI shows this trace; null where none is configured, or where the id is none. */
export function useTraceUrl(traceId: string | null): string | null {
  const template = useContext(TraceTemplate);
  return template === null || traceId === null ? null : formatTraceUrl(template, traceId);
}
