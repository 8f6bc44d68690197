'use client';

import dagre from '@dagrejs/dagre';
import {
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import { causeOf, effectOf } from '@/lib/lineage/edge-direction';
import { columnsOf, type LineageGraph, unseen } from '@/lib/lineage/lineage-graph';
import { COUNT_LIMIT, formatCount, type LineageNode } from '@/lib/lineage/lineage-view';
import { shortLabel } from './lineage-list';
import { NODE_WORDS } from './node-words';
import '@xyflow/react/dist/base.css';

const WIDTH = 216;
const HEIGHT = 48;

type NodeData = {
  node: LineageNode;
  isCenter: boolean;
  /** Neighbours not shown yet, and on which side of the node that is told. */
  hidden: number;
  side: 'left' | 'right';
  atLeast: boolean;
  onExpand: (id: string) => void;
};
type FlowNode = Node<NodeData, 'lineage'>;

/** Causes on the left, effects on the right; dagre places them. */
function layOut(graph: LineageGraph): Map<string, { x: number; y: number }> {
  const layout = new dagre.graphlib.Graph();
  layout.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 96, marginx: 16, marginy: 16 });
  layout.setDefaultEdgeLabel(() => ({}));
  for (const id of graph.nodes.keys()) layout.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const edge of graph.edges.values()) layout.setEdge(causeOf(edge), effectOf(edge));
  dagre.layout(layout);
  return new Map(
    [...graph.nodes.keys()].map((id) => {
      const { x, y } = layout.node(id);
      return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    }),
  );
}

function Drawn({ data, selected }: NodeProps<FlowNode>) {
  const { node, isCenter, hidden, side, atLeast, onExpand } = data;
  const { word, icon } = NODE_WORDS[node.kind];
  const hiddenWords = atLeast ? formatCount(COUNT_LIMIT) : `+${formatCount(hidden)}`;
  return (
    <div
      className={`ln ${isCenter ? 'me' : ''} ${selected ? 'sel' : ''} ${node.kind === 'escalation' ? 'esc' : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Icon name={icon} />
      <span className="ln-w">
        <small>
          {word}
          {node.note !== null && (
            <>
              , <MarkedText text={node.note} />
            </>
          )}
        </small>
        <b title={node.label}>
          <MarkedText text={shortLabel(node.label)} />
        </b>
      </span>
      {hidden > 0 && (
        <button
          type="button"
          className={`ln-cnt nodrag ${side}`}
          tabIndex={-1}
          title="not shown yet"
          aria-label={`${hiddenWords} not shown yet: show more`}
          onClick={(event) => {
            event.stopPropagation();
            onExpand(node.id);
          }}
        >
          {hiddenWords}
        </button>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

const TYPES = { lineage: Drawn };

function Canvas({
  graph,
  selected,
  onSelect,
  onOpen,
  onExpand,
}: {
  graph: LineageGraph;
  selected: string;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  onExpand: (id: string) => void;
}) {
  const flow = useReactFlow();
  const places = useMemo(() => layOut(graph), [graph]);
  const columns = useMemo(() => columnsOf(graph), [graph]);
  const nodes: FlowNode[] = useMemo(
    () =>
      [...graph.nodes.values()].map((node) => {
        const used = unseen(graph, node.id, 'used');
        const led = unseen(graph, node.id, 'led');
        return {
          id: node.id,
          type: 'lineage',
          position: places.get(node.id) ?? { x: 0, y: 0 },
          selected: node.id === selected,
          ariaLabel: `${NODE_WORDS[node.kind].word} ${node.label}`,
          width: WIDTH,
          height: HEIGHT,
          data: {
            node,
            isCenter: node.id === graph.center,
            hidden: used.n + led.n,
            side: (columns.get(node.id) ?? 0) < 0 ? 'left' : 'right',
            atLeast: used.atLeast || led.atLeast,
            onExpand,
          },
        };
      }),
    [graph, places, columns, selected, onExpand],
  );
  const edges: Edge[] = useMemo(
    () =>
      [...graph.edges.values()].map((edge) => ({
        id: `${edge.source} ${edge.kind} ${edge.target}`,
        source: causeOf(edge),
        target: effectOf(edge),
        className: edge.source === selected || edge.target === selected ? 'hot' : '',
        focusable: false,
        selectable: false,
      })),
    [graph, selected],
  );

  const size = graph.nodes.size;
  useEffect(() => {
    if (size === 0) return;
    const frame = requestAnimationFrame(
      () => void flow.fitView({ padding: 0.14, maxZoom: 1, minZoom: 0.25 }),
    );
    return () => cancelAnimationFrame(frame);
  }, [flow, size]);

  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={TYPES}
      nodesDraggable={false}
      nodesConnectable={false}
      elementsSelectable
      onlyRenderVisibleElements={size > 150}
      minZoom={0.1}
      maxZoom={1.5}
      preventScrolling={false}
      zoomOnScroll={false}
      panOnScroll={false}
      onNodeClick={(_, node) => onSelect(node.id)}
      onNodeDoubleClick={(_, node) => onOpen(node.id)}
      proOptions={{ hideAttribution: true }}
      fitView
      fitViewOptions={{ padding: 0.14, maxZoom: 1 }}
    >
      <Controls showInteractive={false} position="top-right" orientation="horizontal" />
    </ReactFlow>
  );
}

/** The loaded lineage as a drawing: causes left, effects right. The list beside it is the same for the keyboard. */
export function LineageCanvas(props: Parameters<typeof Canvas>[0]) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}
