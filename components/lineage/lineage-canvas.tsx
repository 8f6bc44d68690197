'use client';

import {
  Controls,
  type Edge,
  MiniMap,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { formatInstant, type Zone } from '@/components/ui/format-time';
import { useZone } from '@/components/ui/time-context';
import type { LaidOut } from '@/lib/client/lineage/use-layout';
import { causeOf, effectOf } from '@/lib/lineage/edge-direction';
import { type LayoutColumn, NODE_HEIGHT, NODE_WIDTH } from '@/lib/lineage/layout-graph';
import { unseen } from '@/lib/lineage/lineage-graph';
import { boundsOf, type DrawnMap, LineageMap } from './lineage-map';
import { type DrawnNode, LineageBlock, LineageColumn, LineageNode } from './lineage-node';
import { NODE_WORDS } from './node-words';
import '@xyflow/react/dist/base.css';

/** Below this zoom the names of single things cannot be read: shapes, icons and the heads of blocks remain. */
const FAR = 0.5;
/** Whole graphs that fit at this zoom are shown whole; larger ones open around their centre. */
const READABLE = 0.55;
const OPENING = 0.8;
/** From here on only what is in view is kept in the page. */
const MANY = 120;

const TYPES = { lineage: LineageNode, map: LineageMap, block: LineageBlock, column: LineageColumn };

interface Props {
  drawn: LaidOut;
  selected: string;
  /** The node that must stay where it is on the screen when the drawing changes. */
  anchor: string;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  onExpand: (id: string) => void;
}

function columnTitle({ at, n }: LayoutColumn, zone: Zone): string {
  const count = n.toLocaleString('en');
  if (at === 0) return n === 1 ? 'this' : `this, and ${(n - 1).toLocaleString('en')} more`;
  if (typeof at === 'number') {
    const hops = Math.abs(at) === 1 ? '' : `, ${Math.abs(at)} hops`;
    return `${at < 0 ? 'used' : 'led to'}${hops}: ${count}`;
  }
  return at === null
    ? `without a time: ${count}`
    : `from ${formatInstant(Date.parse(at), zone, 'second')}: ${count}`;
}

function mapOf(drawn: LaidOut, selected: string, isWhole: boolean): DrawnMap {
  const { x, y, width, height } = boundsOf(drawn);
  return {
    id: 'map',
    type: 'map',
    position: { x, y },
    width,
    height,
    ariaRole: 'img',
    ariaLabel: isWhole
      ? `${drawn.graph.nodes.size.toLocaleString('en')} things from afar; the list names them`
      : 'What rests on what',
    data: { drawn, selected, isWhole },
    selectable: false,
    zIndex: isWhole ? 0 : -1,
  };
}

/** Does it with the thing that was pressed, drawn by itself or as a shape of the map; a heading is none. */
function withThing(event: MouseEvent, node: Node, act: (id: string) => void): void {
  const shape = event.target instanceof Element ? event.target.getAttribute('data-node') : null;
  if (node.type === 'lineage') act(node.id);
  else if (shape !== null) act(shape);
}

function Canvas({ drawn, selected, anchor, onSelect, onOpen, onExpand }: Props) {
  const { graph, layout } = drawn;
  const zone = useZone();
  const flow = useReactFlow();
  const isMany = graph.nodes.size > MANY;
  const isFar = useStore(({ transform }) => transform[2] < FAR);
  const isMap = isFar && isMany;
  // A thousand lines cannot be painted anew for every frame.
  const [isMoving, setIsMoving] = useState(false);
  const fixed: Node[] = useMemo(
    () => [
      ...layout.columns.map((column, at) => ({
        id: `column ${at}`,
        type: 'column' as const,
        position: { x: column.x, y: column.y },
        width: column.width,
        height: 20,
        data: { title: columnTitle(column, zone) },
        selectable: false,
      })),
      ...layout.blocks.map(({ kind, n, x, y, width }, at) => ({
        id: `block ${at}`,
        type: 'block' as const,
        position: { x, y },
        width,
        height: 20,
        data: { kind, n },
        selectable: false,
      })),
    ],
    [layout, zone],
  );
  const things: DrawnNode[] = useMemo(() => {
    const center = layout.places.get(graph.center)?.x ?? 0;
    return [...graph.nodes.values()].map((node) => {
      const used = unseen(graph, node.id, 'used');
      const led = unseen(graph, node.id, 'led');
      const position = layout.places.get(node.id) ?? { x: 0, y: 0 };
      return {
        id: node.id,
        type: 'lineage',
        position,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        ariaLabel: `${NODE_WORDS[node.kind].word} ${node.label}`,
        data: {
          node,
          isCenter: node.id === graph.center,
          hidden: used.n + led.n,
          side: position.x < center ? 'left' : 'right',
          atLeast: used.atLeast || led.atLeast,
          onExpand,
        },
      };
    });
  }, [graph, layout, onExpand]);
  const nodes = useMemo(
    () => [
      ...(isMany ? [mapOf(drawn, selected, isMap)] : []),
      ...fixed,
      ...(isMap ? [] : things.map((node) => (node.id === selected ? { ...node, selected: true } : node))),
    ],
    [fixed, things, selected, isMany, isMap, drawn],
  );
  const edges: Edge[] = useMemo(
    () =>
      (isMany ? [] : [...graph.edges.values()]).map((edge) => ({
        id: `${edge.source} ${edge.kind} ${edge.target}`,
        source: causeOf(edge),
        target: effectOf(edge),
        className: edge.source === selected || edge.target === selected ? 'hot' : '',
        focusable: false,
        selectable: false,
      })),
    [graph, selected, isMany],
  );

  // What the reader looks at stays where it is: only the first drawing chooses the view.
  const before = useRef<{ center: string; places: LaidOut['layout']['places'] } | null>(null);
  useEffect(() => {
    // `flow` is made anew once there is a viewport: a view chosen before that would be cancelled with the effect.
    if (!flow.viewportInitialized) return;
    const last = before.current;
    const now = { center: graph.center, places: layout.places };
    const place = layout.places.get(anchor) ?? layout.places.get(graph.center);
    const was = last?.places.get(anchor) ?? last?.places.get(graph.center);
    if (last?.center === graph.center && place && was) {
      before.current = now;
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x - (place.x - was.x) * zoom, y: y - (place.y - was.y) * zoom, zoom });
      return;
    }
    const frame = requestAnimationFrame(async () => {
      before.current = now;
      // The counts stand outside their nodes.
      await flow.fitView({ padding: { x: '64px', y: '32px' }, maxZoom: 1, minZoom: 0.05 });
      if (flow.getZoom() >= READABLE) return;
      const center = layout.places.get(graph.center);
      if (center)
        await flow.setCenter(center.x + NODE_WIDTH / 2, center.y + NODE_HEIGHT / 2, { zoom: OPENING });
    });
    return () => cancelAnimationFrame(frame);
  }, [flow, graph.center, layout, anchor]);

  return (
    <ReactFlow
      className={[isFar && 'far', isMany && 'many', isMap && 'map', isMany && isMoving && 'moving']
        .filter(Boolean)
        .join(' ')}
      onMoveStart={() => setIsMoving(true)}
      onMoveEnd={() => setIsMoving(false)}
      nodes={nodes}
      edges={edges}
      nodeTypes={TYPES}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      elementsSelectable
      onlyRenderVisibleElements={isMany}
      minZoom={0.05}
      maxZoom={1.5}
      preventScrolling={false}
      zoomOnScroll={false}
      zoomActivationKeyCode="Control"
      panOnScroll={false}
      onNodeClick={(event, node) => withThing(event, node, onSelect)}
      onNodeDoubleClick={(event, node) => withThing(event, node, onOpen)}
      proOptions={{ hideAttribution: true }}
    >
      <Controls showInteractive={false} position="top-right" orientation="horizontal" />
      {graph.nodes.size > 12 && !isMap && (
        <MiniMap
          pannable
          zoomable
          position="bottom-right"
          ariaLabel="Overview of what is drawn"
          nodeClassName={(node) =>
            node.type === 'lineage'
              ? `mm ${NODE_WORDS[(node as DrawnNode).data.node.kind].family}`
              : 'mm none'
          }
        />
      )}
    </ReactFlow>
  );
}

/** The loaded lineage as a drawing: causes left, effects right, or by time. The list beside it is the same for the keyboard. */
export function LineageCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}
