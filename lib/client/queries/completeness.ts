import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { completenessView } from '@/lib/completeness/producer-state';
import {
  type AnyFinding,
  reconciliationList,
  reconciliationPage,
} from '@/lib/completeness/reconciliation-view';
import { fetchJson } from '../fetch-json';

const LIST = '/api/v1/reconciliations';
const path = (id: string) => `${LIST}/${encodeURIComponent(id)}`;

/** Per producer: heard, missing, late. */
export const completenessQuery = () =>
  queryOptions({
    queryKey: ['completeness'],
    queryFn: ({ signal }) => fetchJson('/api/v1/integrity/completeness', completenessView, { signal }),
    refetchInterval: 15_000,
  });

export const reconciliationsQuery = () =>
  queryOptions({
    queryKey: ['reconciliations'],
    queryFn: ({ signal }) => fetchJson(LIST, reconciliationList, { signal }),
  });

/** What one reconciliation found, in pages; of one finding, or of all. */
export const reconciliationQuery = (id: string, finding: AnyFinding | null) =>
  infiniteQueryOptions({
    queryKey: ['reconciliation', id, finding],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ after: String(pageParam), ...(finding ? { finding } : {}) });
      return fetchJson(`${path(id)}?${params}`, reconciliationPage, { signal });
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  });

/** Address of everything that a reconciliation found. */
export const reconciliationExportPath = (id: string, finding: AnyFinding | null) =>
  `${path(id)}/export${finding ? `?finding=${finding}` : ''}`;
