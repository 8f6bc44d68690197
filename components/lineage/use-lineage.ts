'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { lineageQuery } from '@/lib/client/queries/lineage';
import { graphOf, type LineageGraph, mergeHop } from '@/lib/lineage/lineage-graph';
import type { LineageHop } from '@/lib/lineage/lineage-view';

/** The lineage around a node: its own hop, and the hops of what the reader expanded. */
export function useLineage(node: string) {
  const client = useQueryClient();
  const first = useQuery(lineageQuery(node));
  const [more, setMore] = useState<{ node: string; hops: readonly LineageHop[] }>({ node, hops: [] });
  const [loading, setLoading] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const hops = more.node === node ? more.hops : [];

  const graph: LineageGraph | null = useMemo(
    () => (first.data ? hops.reduce(mergeHop, graphOf(first.data)) : null),
    [first.data, hops],
  );

  const expand = useCallback(
    async (id: string) => {
      setLoading(id);
      setFailed(null);
      try {
        const hop = await client.fetchQuery(lineageQuery(id));
        setMore((was) => ({ node, hops: [...(was.node === node ? was.hops : []), hop] }));
      } catch {
        setFailed(id);
      } finally {
        setLoading(null);
      }
    },
    [client, node],
  );

  return { first, graph, expand, loading, failed };
}
