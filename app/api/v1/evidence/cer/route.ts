import { cerExportRequest } from '@/lib/evidence/cer/cer-export-request';
import { EXPORT_ID_HEADER } from '@/lib/evidence/package/export-request';
import { PAYLOAD_EXPORT_ROLES } from '@/lib/identity/permissions';
import { exportCer } from '@/lib/server/cer/export-cer';
import { parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

const MAX_REQUEST_BYTES = 16_384;

/** One decision as a Certified Execution Record, recorded before it leaves. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, PAYLOAD_EXPORT_ROLES);
  requireMediaType(request, ['application/json']);
  const asked = parseJsonBody(await readBody(request, MAX_REQUEST_BYTES), cerExportRequest);
  const { id, fileName, bytes } = await exportCer(viewer, asked);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/json',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      [EXPORT_ID_HEADER]: id,
    },
  });
});
