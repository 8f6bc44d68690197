import { getHealth } from '@/lib/server/health/get-health';
import { jsonResponse } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Public: live, ready, chain, log, witnesses, backlog. 503 until requests can be served. */
export async function GET(): Promise<Response> {
  const health = await getHealth();
  return jsonResponse(health, { status: health.ready ? 200 : 503 });
}
