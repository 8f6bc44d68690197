import { z } from 'zod';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { readStream } from '@/lib/server/records/read-stream';
import { requireStream } from '@/lib/server/records/require-stream';

const MAX_RECORDS = 100_000;

const position = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const query = z.object({ stream: z.string().max(512), from: position.default(1), to: position.optional() });

/** NDJSON of a stream's records, at most 100,000 per call; `x-countersign-head` is the stream's last position. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { stream, from, to } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  const head = await requireStream(viewer, stream);
  const last = Math.min(to ?? head.position, head.position, from + MAX_RECORDS - 1);
  const pages = readStream(stream, from, last);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const page = await pages.next();
        if (page.done) controller.close();
        else controller.enqueue(encoder.encode(page.value));
      },
      async cancel() {
        await pages.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      'x-countersign-head': String(head.position),
    },
  });
});
