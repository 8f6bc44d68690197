import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { fetchJson } from '../fetch-json';

const count = z.int().check(z.nonnegative());

/** State of the log as the pill at the top of every page shows it. */
export const integrityStatus = z.object({
  treeSize: count,
  witnessedAt: z.nullable(z.union([z.number(), z.string()])),
  witnessesOk: count,
  witnessesTotal: count,
  state: z.enum(['valid', 'invalid', 'unwitnessed', 'unknown']),
  finding: z.nullish(z.string()),
});
export type IntegrityStatus = z.infer<typeof integrityStatus>;

const frameAnswer = z.object({ queueCount: count, integrity: integrityStatus });

/** What the frame shows live: escalations waiting and the state of the log. Asked every 5 s while the page is visible. */
export const frameQuery = () =>
  queryOptions({
    queryKey: ['frame'],
    queryFn: ({ signal }) => fetchJson('/api/v1/frame', frameAnswer, { signal }),
    refetchInterval: 5_000,
    staleTime: 4_000,
  });
