import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { DecideRequest, HeartbeatRequest } from '@/lib/escalations/escalation-view';
import { fetchJson } from '../fetch-json';

// Only an answer needs its schema: what the page was born with does not, so drawing waits for no parser.
const schemas = () => import('@/lib/escalations/escalation-view');

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
    queryFn: async ({ pageParam, signal }) => {
      const params = new URLSearchParams(filterText);
      params.set('limit', String(PAGE_ROWS));
      if (pageParam !== null) params.set('cursor', pageParam);
      return fetchJson(`${LIST}?${params}`, (await schemas()).queuePage, { signal });
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
    pages.push(await fetchJson(`${LIST}?${params}`, (await schemas()).queuePage, { signal }));
  }
  return { rows: pages.flatMap((page) => page.rows), counts: pages.at(-1)?.counts ?? null };
}

/** Everything the review page shows of one escalation. */
export const escalationQueryOptions = (escalationId: string) =>
  queryOptions({
    queryKey: escalationKeys.detail(escalationId),
    queryFn: async ({ signal }) =>
      fetchJson(path(escalationId), (await schemas()).escalationDetail, { signal }),
  });

const post = async (escalationId: string, verb: 'open' | 'claim' | 'release' | 'heartbeat', body: unknown) =>
  fetchJson(`${path(escalationId)}/${verb}`, (await schemas()).reviewProgress, { method: 'POST', body });

/** Tells the server that the full evidence has been drawn: its clock for this reader starts. */
export const openReview = (escalationId: string) => post(escalationId, 'open', {});

/** Takes the lease for two minutes, renewed by heartbeats. Fails with `lease_held` when somebody else has it. */
export const claimEscalation = (escalationId: string) => post(escalationId, 'claim', {});

/** Puts it back for others. */
export const releaseEscalation = (escalationId: string) => post(escalationId, 'release', {});

/** What was visible since the last beat; the server bounds what it is worth. */
export const sendHeartbeat = (escalationId: string, beat: HeartbeatRequest) =>
  post(escalationId, 'heartbeat', beat);

/** Fixes the statement that a passkey is to sign. */
export const prepareVerdict = async (escalationId: string, request: DecideRequest) =>
  fetchJson(`${path(escalationId)}/prepare`, (await schemas()).preparedVerdict, {
    method: 'POST',
    body: request,
  });

/** The irreversible act. The same request sent twice is answered as if it had come once. */
export const sendVerdict = async (escalationId: string, request: DecideRequest) =>
  fetchJson(`${path(escalationId)}/decide`, (await schemas()).decideResponse, {
    method: 'POST',
    body: request,
  });
