'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { lineageQuery } from '@/lib/client/queries/lineage';
import { assembleHops, type LineageGraph } from '@/lib/lineage/lineage-graph';
import { HOP_LIMIT, type LineageHop, MAX_HOP_LIMIT, MAX_SHOWN } from '@/lib/lineage/lineage-view';

interface Loaded {
  hop: LineageHop;
  limit: number;
}

/** Each time somebody asks for more of a node, this many times as many of its neighbours are read. */
const GROWTH = 4;

/** The lineage around a node: its own hop, and the hops of what the reader expanded and has not collapsed. */
export function useLineage(node: string) {
  const client = useQueryClient();
  const first = useQuery(lineageQuery(node));
  const [more, setMore] = useState<ReadonlyMap<string, Loaded>>(new Map());
  const [loading, setLoading] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);

  const hops = useMemo(() => {
    const all = new Map<string, LineageHop>();
    if (first.data) all.set(node, first.data);
    for (const [id, { hop }] of more) all.set(id, hop);
    return all;
  }, [first.data, more, node]);
  const graph: LineageGraph | null = useMemo(() => assembleHops(node, hops), [node, hops]);
  const isFull = (graph?.nodes.size ?? 0) >= MAX_SHOWN;

  const expand = useCallback(
    async (id: string) => {
      if (isFull) return;
      const known = more.get(id)?.limit ?? (id === node ? HOP_LIMIT : 0);
      const limit = known === 0 ? HOP_LIMIT : Math.min(MAX_HOP_LIMIT, known * GROWTH);
      setLoading(id);
      setFailed(null);
      try {
        const hop = await client.fetchQuery(lineageQuery(id, limit));
        setMore((was) => new Map(was).set(id, { hop, limit }));
      } catch {
        setFailed(id);
      } finally {
        setLoading(null);
      }
    },
    [client, node, more, isFull],
  );

  const collapse = useCallback((id: string) => {
    setMore((was) => {
      const now = new Map(was);
      now.delete(id);
      return now;
    });
  }, []);

  return { first, graph, expand, collapse, expanded: more, loading, failed, isFull };
}
