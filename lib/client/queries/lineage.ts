import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  HOP_LIMIT,
  lineageClosure,
  lineageHop,
  lineagePath,
  type NodeKind,
  type PathWay,
} from '@/lib/lineage/lineage-view';
import { fetchJson } from '../fetch-json';

const LINEAGE = '/api/v1/lineage';

/** One hop each way of a node. */
export const lineageQuery = (node: string, limit: number = HOP_LIMIT) =>
  queryOptions({
    queryKey: ['lineage', node, limit],
    queryFn: ({ signal }) =>
      fetchJson(`${LINEAGE}?${new URLSearchParams({ node, limit: String(limit) })}`, lineageHop, { signal }),
    staleTime: 30_000,
  });

/** What came of a node, nearest first, page by page. */
export const closureQuery = (node: string, filter: { kind: NodeKind | null; agent: string | null }) =>
  infiniteQueryOptions({
    queryKey: ['lineage-closure', node, filter],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ node, after: String(pageParam) });
      if (filter.kind !== null) params.set('kind', filter.kind);
      if (filter.agent !== null) params.set('agent', filter.agent);
      return fetchJson(`${LINEAGE}/closure?${params}`, lineageClosure, { signal });
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  });

/** A way between two nodes. */
export const pathQuery = (from: string, to: string, way: PathWay) =>
  queryOptions({
    queryKey: ['lineage-path', from, to, way],
    queryFn: ({ signal }) =>
      fetchJson(`${LINEAGE}/path?${new URLSearchParams({ from, to, way })}`, lineagePath, { signal }),
    staleTime: 30_000,
  });

/** Address of the file with everything that came of a node. */
export const closureExportPath = (node: string, format: 'prov' | 'openlineage') =>
  `${LINEAGE}/export?${new URLSearchParams({ node, format })}`;
