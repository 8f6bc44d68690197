import { z } from 'zod';
import { ServiceError } from '@/lib/server/errors';
import { parseWith, route } from '@/lib/server/http';
import { MOST_BUNDLES, readBundles } from '@/lib/server/log/read-bundles';

export const dynamic = 'force-dynamic';

const query = z.object({
  first: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  count: z.coerce.number().int().min(1).max(MOST_BUNDLES),
});

/**
 * Public: full entry bundles, one after the other, the same bytes as under `/log/tile/entries/<N>`. For a browser that
 * reads the whole log, to which each request costs more than the bundle it brings.
 */
export const GET = route(async (request: Request) => {
  const { first, count } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  const bundles = await readBundles(first, count);
  if (!bundles) throw new ServiceError('not_found', 'The published log does not reach there.');
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await bundles.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await bundles.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    },
  });
});
