import { z } from 'zod';
import { WINDOW_DAYS } from '@/lib/analytics/insights-view';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { getAttention } from '@/lib/server/attention/get-attention';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

const query = z.object({
  days: z.coerce
    .number()
    .pipe(z.union(WINDOW_DAYS.map((days) => z.literal(days))))
    .default(30),
});

/** `?days=7|30|90`: load, reading and drills of one organisation. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.insights);
  const filter = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  return jsonResponse(await getAttention(viewer.tenant.id, filter));
});
