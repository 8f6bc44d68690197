import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type DecideRequest,
  decideResponse,
  escalationDetail,
  type heartbeatRequest,
  queuePage,
  reviewProgress,
} from '@/lib/escalations/escalation-view';
import { fetchJson } from '../fetch-json';

const LIST = '/api/v1/escalations';
const PAGE_ROWS = 200;
/** As many ids as one request may name. */
const IDS_AT_ONCE = 50;

const path = (escalationId: string) => `${LIST}/${encodeURIComponent(escalationId)}`;

export const escalationKeys = {
  queues: ['queue'] as const,
  queue: (filterText: string) => ['queue', filterText] as const,
  detail: (escalationId: string) => ['escalation', escalationId] as const,
};

/** Waiting escalations by time left, in keyset pages. `filterText` is a query text of `queueQuery`, without `?`. */
export const queueQueryOptions = (filterText: string) =>
  infiniteQueryOptions({
    queryKey: escalationKeys.queue(filterText),
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(filterText);
      params.set('limit', String(PAGE_ROWS));
      if (pageParam !== null) params.set('cursor', pageParam);
      return fetchJson(`${LIST}?${params}`, queuePage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** The rows of these escalations as they are now, whatever their state; unknown ones are left out. */
export async function fetchRows(ids: readonly string[], signal?: AbortSignal) {
  const pages = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const params = new URLSearchParams({
      ids: ids.slice(from, from + IDS_AT_ONCE).join(','),
      limit: String(IDS_AT_ONCE),
    });
    pages.push(await fetchJson(`${LIST}?${params}`, queuePage, { signal }));
  }
  return { rows: pages.flatMap((page) => page.rows), counts: pages.at(-1)?.counts ?? null };
}

/** Everything the review page shows of one escalation. */
export const escalationQueryOptions = (escalationId: string) =>
  queryOptions({
    queryKey: escalationKeys.detail(escalationId),
    queryFn: ({ signal }) => fetchJson(path(escalationId), escalationDetail, { signal }),
  });

/** Tells the server that the full evidence has been drawn: its clock for this reader starts. */
export const openReview = (escalationId: string) =>
  fetchJson(`${path(escalationId)}/open`, reviewProgress, { method: 'POST', body: {} });

/** Takes the lease for two minutes, renewed by heartbeats. Fails with `lease_held` when somebody else has it. */
export const claimEscalation = (escalationId: string) =>
  fetchJson(`${path(escalationId)}/claim`, reviewProgress, { method: 'POST', body: {} });

/** Puts it back for others. */
export const releaseEscalation = (escalationId: string) =>
  fetchJson(`${path(escalationId)}/release`, reviewProgress, { method: 'POST', body: {} });

/** What was visible since the last beat; the server bounds what it is worth. */
export const sendHeartbeat = (escalationId: string, beat: z.infer<typeof heartbeatRequest>) =>
  fetchJson(`${path(escalationId)}/heartbeat`, reviewProgress, { method: 'POST', body: beat });

/** The irreversible act. The same request sent twice is answered as if it had come once. */
export const sendVerdict = (escalationId: string, request: DecideRequest) =>
  fetchJson(`${path(escalationId)}/decide`, decideResponse, { method: 'POST', body: request });
