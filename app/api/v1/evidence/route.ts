import { EXPORT_ID_HEADER, exportRequest } from '@/lib/evidence/package/export-request';
import { EXPORT_ROLES } from '@/lib/identity/permissions';
import { exportEvidence } from '@/lib/server/evidence/export-evidence';
import { streamPieces } from '@/lib/server/evidence/stream-pieces';
import { parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_REQUEST_BYTES = 131_072;

/**
 * An evidence package as a download. The export is a record of the console before the first byte leaves; when something
 * fails under way the connection breaks, so that no cut file looks whole.
 */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, EXPORT_ROLES);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_REQUEST_BYTES), exportRequest);
  const { id, fileName, pieces } = await exportEvidence(viewer, asked);
  return new Response(streamPieces(pieces), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      [EXPORT_ID_HEADER]: id,
    },
  });
});
