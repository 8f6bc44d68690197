import { utf8 } from '@/lib/core/bytes';
import { sharedSingleton } from '../shared-singleton';
import { getEventBus } from './event-bus';

const HEARTBEAT_MS = 15_000;
/** Then the browser connects again, and is asked again who it is: a withdrawn account hears nothing for longer. */
export const STREAM_MS = 10 * 60_000;

/** Streams that are open in this process, so that a shutdown can end them instead of waiting for them. */
function openStreams(): Set<() => void> {
  return sharedSingleton('event-streams', () => {
    const streams = new Set<() => void>();
    process.once('SIGTERM', () => {
      for (const close of [...streams]) close();
    });
    return streams;
  });
}

/**
 * Server-sent events (HTML Living Standard §9.2) of one tenant: `event:` is the type, `data:` the event. Whoever connects
 * fetches what it shows afresh; when events may have been missed here, the stream ends and the browser connects again.
 * A comment every 15 s keeps proxies open.
 */
export function streamEvents(tenant: string, signal: AbortSignal): Response {
  let close = () => {};
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let eventId = 0;
      const send = (text: string) => {
        try {
          controller.enqueue(utf8(text));
        } catch {
          close();
        }
      };
      const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
      const end = setTimeout(() => close(), STREAM_MS);
      let unsubscribe = () => {};
      let closed = false;
      close = () => {
        if (closed) return;
        closed = true;
        clearInterval(heartbeat);
        clearTimeout(end);
        unsubscribe();
        openStreams().delete(close);
        signal.removeEventListener('abort', close);
        try {
          controller.close();
        } catch {
          // The reader is gone already.
        }
      };
      openStreams().add(close);
      signal.addEventListener('abort', close);
      if (signal.aborted) close();
      send('retry: 2000\n\n');
      try {
        unsubscribe = await getEventBus().subscribe((event) => {
          if (event === null) close();
          else if (event.tenant === tenant) {
            const data = JSON.stringify({ type: event.type, id: event.id });
            send(`id: ${++eventId}\nevent: ${event.type}\ndata: ${data}\n\n`);
          }
        });
        if (closed) unsubscribe();
        else send(': listening\n\n');
      } catch {
        // No database: the browser reconnects after `retry` and fetches again.
        close();
      }
    },
    cancel() {
      close();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
