import { queryOptions } from '@tanstack/react-query';
import { HOP_LIMIT, lineageHop } from '@/lib/lineage/lineage-view';
import { fetchJson } from '../fetch-json';

/** One hop each way of a node. */
export const lineageQuery = (node: string, limit: number = HOP_LIMIT) =>
  queryOptions({
    queryKey: ['lineage', node, limit],
    queryFn: ({ signal }) =>
      fetchJson(`/api/v1/lineage?${new URLSearchParams({ node, limit: String(limit) })}`, lineageHop, {
        signal,
      }),
    staleTime: 30_000,
  });
