import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { fetchJson } from '../fetch-json';

/** State of the log as the pill at the top of every page shows it. */
export const integrityStatus = z.object({
  treeSize: z.number().int().nonnegative(),
  witnessedAt: z.union([z.number(), z.string()]).nullable(),
  witnessesOk: z.number().int().nonnegative(),
  witnessesTotal: z.number().int().nonnegative(),
  state: z.enum(['valid', 'invalid', 'unwitnessed', 'unknown']),
  finding: z.string().nullish(),
});
export type IntegrityStatus = z.infer<typeof integrityStatus>;

const frameAnswer = z.object({ queueCount: z.number().int().nonnegative(), integrity: integrityStatus });

/** What the frame shows live: escalations waiting and the state of the log. Asked every 5 s while the page is visible. */
export const frameQuery = () =>
  queryOptions({
    queryKey: ['frame'],
    queryFn: ({ signal }) => fetchJson('/api/v1/frame', frameAnswer, { signal }),
    refetchInterval: 5_000,
    staleTime: 4_000,
  });
