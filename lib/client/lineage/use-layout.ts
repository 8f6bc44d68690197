'use client';

import { useEffect, useRef, useState } from 'react';
import type { GraphLayout, LayoutMode } from '@/lib/lineage/layout-graph';
import type { LineageGraph } from '@/lib/lineage/lineage-graph';
import type { LayoutAnswer, LayoutRequest } from './layout.worker';

/** A layout together with the very graph it was made for: neither is drawn without the other. */
export interface LaidOut {
  graph: LineageGraph;
  layout: GraphLayout;
}

/** Lays a graph out in a worker of its own. The one before stays until the next is there; leaving ends the worker. */
export function useLayout(graph: LineageGraph, mode: LayoutMode): { drawn: LaidOut | null; failed: boolean } {
  const worker = useRef<Worker | null>(null);
  const asked = useRef({ n: 0, graph });
  const [drawn, setDrawn] = useState<LaidOut | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const made = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.n === asked.current.n) setDrawn({ graph: asked.current.graph, layout: data.layout });
    };
    made.onerror = () => setFailed(true);
    return () => {
      made.terminate();
      worker.current = null;
    };
  }, []);

  useEffect(() => {
    asked.current = { n: asked.current.n + 1, graph };
    const request: LayoutRequest = {
      n: asked.current.n,
      graph: { center: graph.center, nodes: [...graph.nodes.values()], edges: [...graph.edges.values()] },
      mode,
    };
    worker.current?.postMessage(request);
  }, [graph, mode]);

  return { drawn, failed };
}
