import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { decisionDetail } from '@/lib/decisions/decision-detail';
import { decisionPage, searchSummary } from '@/lib/decisions/decision-view';
import { decisionMaterial } from '@/lib/evidence/verification-material';
import { fetchJson } from '../fetch-json';

const LIST = '/api/v1/decisions';
const PAGE_ROWS = 200;

const path = (decisionId: string) => `${LIST}/${encodeURIComponent(decisionId)}`;

/** Decisions of a canonical query text, newest first, in keyset pages. */
export const decisionsQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: ['decisions', query],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ q: query, limit: String(PAGE_ROWS) });
      if (pageParam !== null) params.set('cursor', pageParam);
      return fetchJson(`${LIST}?${params}`, decisionPage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.older,
    staleTime: 15_000,
  });

/** How many match, by facet and over time. */
export const decisionsSummaryQuery = (query: string) =>
  queryOptions({
    queryKey: ['decisions-summary', query],
    queryFn: ({ signal }) =>
      fetchJson(`${LIST}/summary?${new URLSearchParams({ q: query })}`, searchSummary, { signal }),
    staleTime: 15_000,
  });

/** Address of the export of everything that matches. */
export const exportPath = (query: string, format: 'csv' | 'ndjson') =>
  `${LIST}/export?${new URLSearchParams({ q: query, format })}`;

export const decisionQuery = (decisionId: string) =>
  queryOptions({
    queryKey: ['decision', decisionId],
    queryFn: ({ signal }) => fetchJson(path(decisionId), decisionDetail, { signal }),
  });

/** Keys, log and token with which the browser checks a decision. */
export const decisionMaterialQuery = (decisionId: string) =>
  queryOptions({
    queryKey: ['decision-material', decisionId],
    queryFn: ({ signal }) => fetchJson(`${path(decisionId)}/verification`, decisionMaterial, { signal }),
    staleTime: 0,
  });
