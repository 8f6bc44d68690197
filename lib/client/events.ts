import { useEffect, useEffectEvent, useState } from 'react';
import { CONSOLE_EVENTS } from '@/lib/escalations/escalation-lists';
import type { ConsoleEvent } from '@/lib/escalations/escalation-view';

const EVENTS_PATH = '/api/v1/events';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** `live`: events arrive; `lost`: they do not, and what is shown may be old. */
export type Liveness = 'connecting' | 'live' | 'lost';

type Listener = {
  onEvent: (event: ConsoleEvent) => void;
  onGap: () => void;
  onLiveness: (to: Liveness) => void;
};

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let liveness: Liveness = 'connecting';
let retryMs = FIRST_RETRY_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

function setLiveness(to: Liveness): void {
  liveness = to;
  for (const listener of listeners) listener.onLiveness(to);
}

function connect(): void {
  clearTimeout(timer);
  source?.close();
  const opened = new EventSource(EVENTS_PATH);
  source = opened;
  opened.onopen = () => {
    const wasLost = liveness === 'lost';
    retryMs = FIRST_RETRY_MS;
    setLiveness('live');
    // What was said in between was said to nobody.
    if (wasLost) for (const listener of listeners) listener.onGap();
  };
  opened.onerror = () => {
    // The browser would try again by itself after a break, but not after an HTTP error: one way for both.
    opened.close();
    setLiveness('lost');
    timer = setTimeout(connect, retryMs);
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  };
  for (const type of CONSOLE_EVENTS) opened.addEventListener(type, hear);
  opened.onmessage = hear;
}

function hear(message: MessageEvent<unknown>): void {
  const event = parseEvent(message.data);
  if (event !== null) for (const listener of listeners) listener.onEvent(event);
}

function parseEvent(data: unknown): ConsoleEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const value = JSON.parse(data) as { type?: unknown; id?: unknown } | null;
    const type = CONSOLE_EVENTS.find((known) => known === value?.type);
    return type !== undefined && typeof value?.id === 'string' ? { type, id: value.id } : null;
  } catch {
    return null;
  }
}

function reconnectNow(): void {
  if (liveness === 'lost') connect();
}

function listen(listener: Listener): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    connect();
    window.addEventListener('online', reconnectNow);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener('online', reconnectNow);
    clearTimeout(timer);
    source?.close();
    source = null;
    liveness = 'connecting';
  };
}

/**
 * Hears what changed in this tenant while the caller is on the page, over one connection per tab that comes back by
 * itself with growing pauses. An event says what to fetch again, nothing more. `onGap` runs after a break: events were
 * missed, so everything shown must be fetched again.
 */
export function useConsoleEvents(onEvent: (event: ConsoleEvent) => void, onGap: () => void): Liveness {
  const [state, setState] = useState<Liveness>(liveness);
  const event = useEffectEvent(onEvent);
  const gap = useEffectEvent(onGap);
  useEffect(() => listen({ onEvent: (heard) => event(heard), onGap: () => gap(), onLiveness: setState }), []);
  return state;
}
