import { getConfig } from '@/lib/server/config';
import { route } from '@/lib/server/http';
import { buildOpenapi } from '@/lib/server/openapi/build-openapi';

export const dynamic = 'force-dynamic';

/** Public: OpenAPI 3.1 of the machine routes. */
export const GET = route(
  async (): Promise<Response> =>
    Response.json(buildOpenapi(getConfig().origin), {
      headers: { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
    }),
);
