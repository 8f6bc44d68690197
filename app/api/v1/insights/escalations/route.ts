import { z } from 'zod';
import { WINDOW_DAYS } from '@/lib/analytics/insights-view';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getEscalationInsights } from '@/lib/server/insights/get-escalation-insights';

export const dynamic = 'force-dynamic';

const query = z.object({
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
});

/** `?days=&agent=`: what became of escalations, how long it took, and by which rule. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.insights);
  const asked = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  return jsonResponse(await getEscalationInsights(viewer.tenant.id, asked));
});
