import { ServiceError } from '@/lib/server/errors';
import { route } from '@/lib/server/http';
import { getCosignedCheckpoint } from '@/lib/server/log/get-cosigned-checkpoint';

export const dynamic = 'force-dynamic';

/** Public: the latest signed checkpoint, as first published, with the cosignatures that it has got since (C2SP tlog-tiles). */
export const GET = route(async () => {
  const checkpoint = await getCosignedCheckpoint();
  if (!checkpoint) throw new ServiceError('not_found');
  return new Response(new Uint8Array(checkpoint.note), {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    },
  });
});
