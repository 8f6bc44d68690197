import { parseTilePath } from '@/lib/integrity/tile';
import { ServiceError } from '@/lib/server/errors';
import { route } from '@/lib/server/http';
import { getTile } from '@/lib/server/log/get-tile';

export const dynamic = 'force-dynamic';

/**
 * Public: tiles and entry bundles (C2SP tlog-tiles), never beyond the published checkpoint. What is under a path
 * never changes, so any cache may keep it for ever.
 */
export const GET = route(async (_request: Request, context: { params: Promise<{ path: string[] }> }) => {
  const { path } = await context.params;
  const tile = parseTilePath(['tile', ...path].join('/'));
  if (!tile.ok) throw new ServiceError('not_found');
  const bytes = await getTile(tile.value.level, tile.value.n, tile.value.width);
  if (!bytes) throw new ServiceError('not_found', 'The published log does not reach there.');
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    },
  });
});
