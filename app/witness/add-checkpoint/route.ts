import { MAX_ADD_CHECKPOINT_BYTES } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { readBody, route } from '@/lib/server/http';
import { witnessCheckpoint } from '@/lib/server/mesh/witness-checkpoint';

/** Public by protocol (C2SP tlog-witness): a registered log proves itself by its signature; any other is 404. */
export const POST = route(async (request: Request): Promise<Response> => {
  const answer = await witnessCheckpoint(await readBody(request, MAX_ADD_CHECKPOINT_BYTES));
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'content-type': answer.contentType, 'cache-control': 'no-store' },
  });
});
