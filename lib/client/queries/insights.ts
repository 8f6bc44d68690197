import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { insightsView } from '@/lib/analytics/insights-view';
import { fetchJson } from '../fetch-json';

/** Counts for the insights page; `filterText` is a query text of `days`, `agent`, `source`, `control`. */
export const insightsQuery = (filterText: string) =>
  queryOptions({
    queryKey: ['insights', filterText],
    queryFn: ({ signal }) => fetchJson(`/api/v1/insights?${filterText}`, insightsView, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
