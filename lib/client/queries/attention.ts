import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { attentionView, ownReviewing } from '@/lib/attention/attention-view';
import { fetchJson } from '../fetch-json';

export const attentionQuery = (days: number) =>
  queryOptions({
    queryKey: ['attention', days],
    queryFn: ({ signal }) => fetchJson(`/api/v1/attention?days=${days}`, attentionView, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const ownReviewingQuery = () =>
  queryOptions({
    queryKey: ['attention', 'own'],
    queryFn: ({ signal }) => fetchJson('/api/v1/attention/own', ownReviewing, { signal }),
    staleTime: 30_000,
  });
