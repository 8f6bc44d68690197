import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { escalationInsights } from '@/lib/analytics/escalation-insights';
import { insightsSplit, type SplitDimension } from '@/lib/analytics/insights-split';
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

/** Counts by day of each value of a dimension; `filterText` as above without `control`. */
export const insightsSplitQuery = (dimension: SplitDimension, filterText: string) =>
  queryOptions({
    queryKey: ['insights-split', dimension, filterText],
    queryFn: ({ signal }) =>
      fetchJson(`/api/v1/insights/split?dimension=${dimension}&${filterText}`, insightsSplit, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** What became of escalations. */
export const escalationInsightsQuery = (filterText: string) =>
  queryOptions({
    queryKey: ['insights-escalations', filterText],
    queryFn: ({ signal }) =>
      fetchJson(`/api/v1/insights/escalations?${filterText}`, escalationInsights, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
