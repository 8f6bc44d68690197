import { z } from 'zod';
import { SPLIT_DIMENSIONS } from '@/lib/analytics/insights-split';
import { WINDOW_DAYS } from '@/lib/analytics/insights-view';
import { outcomeSource } from '@/lib/decisions/record-payload';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getSplit } from '@/lib/server/insights/get-split';
import { listInsightTenants } from '@/lib/server/insights/list-insight-tenants';

export const dynamic = 'force-dynamic';

const query = z.object({
  dimension: z.enum(SPLIT_DIMENSIONS),
  days: z.coerce
    .number()
    .pipe(z.union(WINDOW_DAYS.map((days) => z.literal(days))))
    .default(90),
  agent: z
    .string()
    .min(1)
    .max(128)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed())
    .optional(),
  source: outcomeSource.optional(),
});

/** `?dimension=agent|tool|control|rule|source|tenant&days=&agent=&source=`: counts by day of each value. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.insights);
  const asked = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  const tenants =
    asked.dimension === 'tenant'
      ? await listInsightTenants(viewer.person.id, viewer.tenant.id)
      : [viewer.tenant];
  return jsonResponse(await getSplit(tenants, asked));
});
