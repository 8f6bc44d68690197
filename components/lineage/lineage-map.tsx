import type { Node, NodeProps } from '@xyflow/react';
import { memo, useMemo } from 'react';
import type { LaidOut } from '@/lib/client/lineage/use-layout';
import { causeOf, effectOf } from '@/lib/lineage/edge-direction';
import { NODE_HEIGHT, NODE_WIDTH } from '@/lib/lineage/layout-graph';
import type { LineageEdge } from '@/lib/lineage/lineage-view';
import { NODE_WORDS, type NodeFamily } from './node-words';

export type DrawnMap = Node<{ drawn: LaidOut; selected: string; isWhole: boolean }, 'map'>;

/** So many lines can be painted anew for every frame. */
const FEW = 60;

const ROUNDING: Record<NodeFamily, number> = {
  decision: 8,
  people: NODE_HEIGHT / 2,
  version: 0,
  content: 3,
  elsewhere: 8,
};

/** The box around everything that is laid out, in the drawing's own units. */
export function boundsOf({ layout }: LaidOut): { x: number; y: number; width: number; height: number } {
  const places = [...layout.places.values()];
  const x = places.reduce((least, place) => Math.min(least, place.x), Number.POSITIVE_INFINITY);
  const y = places.reduce((least, place) => Math.min(least, place.y), Number.POSITIVE_INFINITY);
  const right = places.reduce((most, place) => Math.max(most, place.x), x);
  const bottom = places.reduce((most, place) => Math.max(most, place.y), y);
  return { x, y, width: right - x + NODE_WIDTH, height: bottom - y + NODE_HEIGHT };
}

function pathOf({ layout }: LaidOut, edges: readonly LineageEdge[]): string {
  return edges
    .flatMap((edge) => {
      const [from, to] = [layout.places.get(causeOf(edge)), layout.places.get(effectOf(edge))];
      if (!from || !to) return [];
      const middle = NODE_HEIGHT / 2;
      return [`M${from.x + NODE_WIDTH} ${from.y + middle}L${to.x} ${to.y + middle}`];
    })
    .join('');
}

/**
 * The lines between many things, and with `isWhole` the things too, as one picture: a thousand elements that each stand
 * for themselves cannot be moved sixty times a second. `data-node` tells which thing a shape is.
 */
export const LineageMap = memo(function LineageMap({
  data: { drawn, selected, isWhole },
}: NodeProps<DrawnMap>) {
  const { x, y, width, height } = useMemo(() => boundsOf(drawn), [drawn]);
  const edges = useMemo(() => [...drawn.graph.edges.values()], [drawn]);
  const all = useMemo(() => pathOf(drawn, edges), [drawn, edges]);
  const hot = useMemo(
    () => edges.filter(({ source, target }) => source === selected || target === selected),
    [edges, selected],
  );
  const shapes = useMemo(
    () =>
      [...drawn.graph.nodes.values()].map(({ id, kind, label }) => {
        const place = drawn.layout.places.get(id);
        const { family } = NODE_WORDS[kind];
        return (
          place && (
            <rect
              key={id}
              data-node={id}
              className={`mm ${family}${id === drawn.graph.center ? ' me' : ''}`}
              {...place}
              width={NODE_WIDTH}
              height={NODE_HEIGHT}
              rx={ROUNDING[family]}
            >
              <title>{label}</title>
            </rect>
          )
        );
      }),
    [drawn],
  );
  const chosen = drawn.layout.places.get(selected);
  return (
    <svg
      className="lmap"
      aria-hidden="true"
      width={width}
      height={height}
      viewBox={`${x} ${y} ${width} ${height}`}
    >
      <path d={all} />
      <path className={hot.length > FEW ? 'hot' : 'hot few'} d={pathOf(drawn, hot)} />
      {isWhole && shapes}
      {isWhole && chosen && (
        <rect
          className="sel"
          x={chosen.x - 8}
          y={chosen.y - 8}
          width={NODE_WIDTH + 16}
          height={NODE_HEIGHT + 16}
          rx={12}
        />
      )}
    </svg>
  );
});
