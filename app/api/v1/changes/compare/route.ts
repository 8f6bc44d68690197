import { z } from 'zod';
import { SPAN_DAYS } from '@/lib/analytics/change-comparison';
import { holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import { compareChange } from '@/lib/server/changes/compare-change';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';

export const dynamic = 'force-dynamic';

const query = z.object({
  /** Of a change record, or `seen:…` of a version that only decisions told of. */
  change: z
    .string()
    .min(1)
    .max(2_000)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed()),
  days: z.coerce
    .number()
    .pipe(z.union(SPAN_DAYS.map((days) => z.literal(days))))
    .default(14),
});

/** `?change=&days=1|3|7|14|30`: one change before and after, over two windows of equal length. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.changes);
  const { change, days } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  const mayRead = holdsRole(viewer.roles, PAGE_ROLES.decisions);
  return jsonResponse(await compareChange(viewer.tenant.id, { id: change, days, mayRead }));
});
