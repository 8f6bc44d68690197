/**
 * Where nodes stand: columns by cause (what was used on the left, what was led to on the right) or by time; inside a
 * column one block a kind, wrapped into a grid so that a column of hundreds stays about as high as it is wide. Linear but
 * for sorting; owns positions and nothing else.
 */
import { causeOf, effectOf } from './edge-direction';
import { columnsOf, type LineageGraph } from './lineage-graph';
import { type LineageNode, NODE_KINDS, type NodeKind } from './lineage-view';

export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 48;
const GAP_X = 14;
const GAP_Y = 12;
const COLUMN_GAP = 104;
const HEADING = 26;
const BLOCK_GAP = 18;
const TITLE = 40;
/** A column this short stays one node wide. */
const MIN_ROWS = 10;
/** Width of a node's cell over its height, times the share of height to width that is wanted. */
const ASPECT = 3.3;

export type LayoutMode = 'cause' | 'time';

export interface LayoutBlock {
  kind: NodeKind;
  n: number;
  x: number;
  y: number;
  width: number;
}

export interface LayoutColumn {
  /** By cause: hops from the centre, negative to the left. By time: the instant where the column begins, or null. */
  at: number | string | null;
  n: number;
  x: number;
  y: number;
  width: number;
}

export interface GraphLayout {
  places: Map<string, { x: number; y: number }>;
  blocks: LayoutBlock[];
  columns: LayoutColumn[];
}

const KIND_ORDER = new Map(NODE_KINDS.map((kind, at) => [kind, at]));

export function layOutGraph(graph: LineageGraph, mode: LayoutMode): GraphLayout {
  const columns = mode === 'cause' ? columnsByCause(graph) : columnsByTime(graph);
  const layout: GraphLayout = { places: new Map(), blocks: [], columns: [] };
  let x = 0;
  for (const { at, nodes } of columns) {
    const rank = rankIn(graph, layout, nodes);
    const blocks = blocksOf(nodes, rank);
    const rows = Math.max(MIN_ROWS, Math.ceil(Math.sqrt(nodes.length * ASPECT)));
    const largest = Math.max(...blocks.map(({ length }) => length));
    const wide = Math.min(largest, Math.ceil(nodes.length / rows));
    const width = wide * NODE_WIDTH + (wide - 1) * GAP_X;
    const headed = columns.length > 1 || nodes.length > 1;
    const height = blocks.reduce(
      (sum, block) => sum + HEADING + Math.ceil(block.length / wide) * (NODE_HEIGHT + GAP_Y) + BLOCK_GAP,
      0,
    );
    let y = -height / 2;
    layout.columns.push({ at, n: nodes.length, x, y: y - TITLE, width });
    for (const block of blocks) {
      const kind = (block[0] as LineageNode).kind;
      if (headed) layout.blocks.push({ kind, n: block.length, x, y, width });
      y += HEADING;
      block.forEach((node, index) => {
        layout.places.set(node.id, {
          x: x + (index % wide) * (NODE_WIDTH + GAP_X),
          y: y + Math.floor(index / wide) * (NODE_HEIGHT + GAP_Y),
        });
      });
      y += Math.ceil(block.length / wide) * (NODE_HEIGHT + GAP_Y) + BLOCK_GAP;
    }
    x += width + COLUMN_GAP;
  }
  return layout;
}

interface Column {
  at: LayoutColumn['at'];
  nodes: LineageNode[];
}

function columnsByCause(graph: LineageGraph): Column[] {
  const of = columnsOf(graph);
  const columns = new Map<number, LineageNode[]>();
  // What hangs on nothing that is shown stands to the right of everything.
  const loose = Math.max(0, ...of.values()) + 1;
  for (const node of graph.nodes.values()) {
    const at = of.get(node.id) ?? loose;
    const list = columns.get(at);
    if (list) list.push(node);
    else columns.set(at, [node]);
  }
  return [...columns].sort(([a], [b]) => a - b).map(([at, nodes]) => ({ at, nodes }));
}

const UNITS_MS = [
  1_000, 10_000, 60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000, 2_592_000_000,
  31_536_000_000,
];
const MOST_TIME_COLUMNS = 14;

function columnsByTime(graph: LineageGraph): Column[] {
  const timed = new Map<string, number>();
  for (const { id, at } of graph.nodes.values()) {
    const ms = at === null ? Number.NaN : Date.parse(at);
    if (Number.isFinite(ms)) timed.set(id, ms);
  }
  // What has no time of its own stands where it was first used.
  const borrowed = new Map<string, number>();
  for (const edge of graph.edges.values()) {
    const [cause, effect] = [causeOf(edge), effectOf(edge)];
    for (const [id, from] of [
      [cause, effect],
      [effect, cause],
    ] as const) {
      const ms = timed.get(from);
      if (!timed.has(id) && ms !== undefined && ms < (borrowed.get(id) ?? Number.POSITIVE_INFINITY))
        borrowed.set(id, ms);
    }
  }
  const msOf = (id: string) => timed.get(id) ?? borrowed.get(id);
  const distinct = (unit: number) =>
    new Set(
      [...graph.nodes.keys()].flatMap((id) => {
        const ms = msOf(id);
        return ms === undefined ? [] : [Math.floor(ms / unit)];
      }),
    ).size;
  const unit = UNITS_MS.find((each) => distinct(each) <= MOST_TIME_COLUMNS) ?? (UNITS_MS.at(-1) as number);
  const columns = new Map<number | null, LineageNode[]>();
  for (const node of graph.nodes.values()) {
    const ms = msOf(node.id);
    const at = ms === undefined ? null : Math.floor(ms / unit) * unit;
    const list = columns.get(at);
    if (list) list.push(node);
    else columns.set(at, [node]);
  }
  return [...columns]
    .sort(([a], [b]) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY))
    .map(([at, nodes]) => ({ at: at === null ? null : new Date(at).toISOString(), nodes }));
}

/** Mean height of the neighbours that stand already: keeps edges short. */
function rankIn(
  graph: LineageGraph,
  layout: GraphLayout,
  nodes: readonly LineageNode[],
): Map<string, number> {
  const rank = new Map<string, number>();
  for (const { id } of nodes) {
    const heights = (['used', 'led'] as const).flatMap((side) =>
      (graph.sides[side].get(id) ?? []).flatMap(({ node }) => layout.places.get(node.id)?.y ?? []),
    );
    rank.set(id, heights.length === 0 ? 0 : heights.reduce((a, b) => a + b, 0) / heights.length);
  }
  return rank;
}

function blocksOf(nodes: readonly LineageNode[], rank: ReadonlyMap<string, number>): LineageNode[][] {
  const blocks = new Map<NodeKind, LineageNode[]>();
  for (const node of nodes) {
    const block = blocks.get(node.kind);
    if (block) block.push(node);
    else blocks.set(node.kind, [node]);
  }
  for (const block of blocks.values()) {
    block.sort(
      (a, b) =>
        (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0) ||
        (a.at ?? '').localeCompare(b.at ?? '') ||
        (a.id < b.id ? -1 : 1),
    );
  }
  return [...blocks.values()].sort(
    ([a], [b]) =>
      (KIND_ORDER.get((a as LineageNode).kind) ?? 0) - (KIND_ORDER.get((b as LineageNode).kind) ?? 0),
  );
}
