import '../verification/strict-worker';
import { type GraphLayout, type LayoutMode, layOutGraph } from '@/lib/lineage/layout-graph';
import { mergeHops } from '@/lib/lineage/lineage-graph';
import type { LineageHop } from '@/lib/lineage/lineage-view';

export interface LayoutRequest {
  n: number;
  graph: LineageHop;
  mode: LayoutMode;
}
export interface LayoutAnswer {
  n: number;
  layout: GraphLayout;
}

/** The library for pages has no worker scope; this is the part of it that is used. */
const scope = globalThis as unknown as {
  postMessage(answer: LayoutAnswer): void;
  onmessage: ((message: MessageEvent<LayoutRequest>) => void) | null;
};

scope.onmessage = ({ data: { n, graph, mode } }) => {
  scope.postMessage({ n, layout: layOutGraph(mergeHops(graph.center, [graph]), mode) });
};
