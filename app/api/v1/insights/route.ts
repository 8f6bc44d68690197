import { z } from 'zod';
import { WINDOW_DAYS } from '@/lib/analytics/insights-view';
import { control, outcomeSource } from '@/lib/decisions/record-payload';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getInsights } from '@/lib/server/insights/get-insights';

export const dynamic = 'force-dynamic';

const query = z.object({
  days: z.coerce
    .number()
    .pipe(z.union(WINDOW_DAYS.map((days) => z.literal(days))))
    .default(90),
  agent: z.string().min(1).max(128).optional(),
  source: outcomeSource.optional(),
  control: control.optional(),
});

/** `?days=7|30|90&agent=&source=&control=`: counts for the insights page. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.insights);
  const filter = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  return jsonResponse(await getInsights(viewer.tenant.id, filter));
});
