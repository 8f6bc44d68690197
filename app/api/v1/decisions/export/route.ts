import { PAGE_ROLES } from '@/lib/identity/permissions';
import { exportDecisions } from '@/lib/server/decisions/export-decisions';
import { isKeptApart, requireSearchable } from '@/lib/server/decisions/keep-waiting-apart';
import { requireSearchQuery } from '@/lib/server/decisions/parse-search-request';
import { ServiceError } from '@/lib/server/errors';
import { route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

const MEDIA_TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const;

/** `?q=&format=ndjson|csv`: everything that matches, streamed. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const url = new URL(request.url);
  const format = url.searchParams.get('format') ?? 'ndjson';
  if (format !== 'ndjson' && format !== 'csv')
    throw new ServiceError('malformed_request', 'The format is ndjson or csv.');
  const query = requireSearchQuery(url);
  await requireSearchable(viewer, query);
  const withoutWaiting = isKeptApart(viewer);
  return new Response(exportDecisions(viewer.tenant.id, query, format, { withoutWaiting }), {
    headers: {
      'content-type': MEDIA_TYPES[format],
      'content-disposition': `attachment; filename="decisions.${format}"`,
      'cache-control': 'no-store',
    },
  });
});
