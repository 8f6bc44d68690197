const NEWLINE = 10;
const RETURN = 13;

/**
 * A response whose body may not hold more than `maxBytes` without an empty line between: one JSON answer, or one event of
 * an event stream. Beyond that the body fails, and with it the request it belongs to.
 */
export function limitEvents(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let size = 0;
  let lineIsEmpty = true;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      for (const byte of chunk) {
        size++;
        if (byte === NEWLINE) {
          if (lineIsEmpty) size = 0;
          lineIsEmpty = true;
        } else if (byte !== RETURN) lineIsEmpty = false;
        if (size > maxBytes) throw new RangeError('The server sent too much at once.');
      }
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}
