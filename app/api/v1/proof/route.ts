import { getProof } from '@/lib/server/health/get-proof';
import { jsonResponse, route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Public: latest checkpoint, keys, receipts, and how to verify. */
export const GET = route(async () =>
  jsonResponse(await getProof(), { headers: { 'access-control-allow-origin': '*' } }),
);
