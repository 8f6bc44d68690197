'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import { nodeHref } from '@/components/decisions/value-parts';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { LiveRegion } from '@/components/ui/live-region';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { RequestError } from '@/lib/client/fetch-json';
import { useLayout } from '@/lib/client/lineage/use-layout';
import { describeGraph, filterGraph, NO_FILTER } from '@/lib/lineage/filter-graph';
import type { LayoutMode } from '@/lib/lineage/layout-graph';
import { type LineageGraph, unseen } from '@/lib/lineage/lineage-graph';
import { formatCount, MAX_SHOWN } from '@/lib/lineage/lineage-view';
import { type ListRow, listRows } from '@/lib/lineage/list-rows';
import { LineageExport } from './lineage-export';
import { LineageFilter } from './lineage-filter';
import { LineageList } from './lineage-list';
import { SelectedNode } from './selected-node';
import { useLineage } from './use-lineage';
import './lineage.css';

const LineageCanvas = dynamic(() => import('./lineage-canvas').then((module) => module.LineageCanvas), {
  ssr: false,
  loading: () => <Skeleton lines={8} label="Drawing" />,
});

/** The lineage around one node, drawn and as a list; nothing beyond one hop is loaded until it is asked for. */
export function LineageView({ node, embedded = false }: { node: string; embedded?: boolean }) {
  const lineage = useLineage(node);
  const { first, graph } = lineage;
  if (first.isPending) return <Skeleton lines={12} label="Reading the lineage" />;
  if (first.isError || !graph) {
    const unknown = first.error instanceof RequestError && first.error.status === 404;
    if (first.error instanceof RequestError && first.error.code === 'case_waits')
      return (
        <StateBox kind="empty" title="This belongs to a case that waits">
          {first.error.message}
        </StateBox>
      );
    return (
      <StateBox
        kind={unknown ? 'empty' : 'failing'}
        title={unknown ? 'Nothing here has this name' : 'The lineage could not be read'}
        action={
          unknown ? undefined : (
            <Button small onClick={() => first.refetch()}>
              Read again
            </Button>
          )
        }
      >
        {unknown ? 'No record of this organisation names it.' : first.error?.message}
      </StateBox>
    );
  }
  return <Loaded key={node} graph={graph} lineage={lineage} embedded={embedded} />;
}

function Loaded({
  graph,
  lineage,
  embedded,
}: {
  graph: LineageGraph;
  lineage: ReturnType<typeof useLineage>;
  embedded: boolean;
}) {
  const router = useRouter();
  const { expand, collapse, expanded, loading, failed, isFull } = lineage;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([graph.center]));
  const [selectedKey, setSelectedKey] = useState(graph.center);
  const [anchor, setAnchor] = useState(graph.center);
  const [filter, setFilter] = useState(NO_FILTER);
  const [mode, setMode] = useState<LayoutMode>('cause');
  const loaded = useMemo(() => describeGraph(graph), [graph]);
  const shown = useMemo(() => filterGraph(graph, filter), [graph, filter]);
  const { drawn, failed: layoutFailed } = useLayout(shown, mode);
  const rows = useMemo(() => listRows(shown, open), [shown, open]);
  const row = (rows.find(({ key }) => key === selectedKey) ?? rows[0]) as ListRow;
  const select = useCallback(
    (id: string) => setSelectedKey((was) => rows.find((each) => each.node.id === id)?.key ?? was),
    [rows],
  );
  const more = useCallback(
    (id: string) => {
      setAnchor(id);
      void expand(id);
    },
    [expand],
  );
  const go = useCallback((id: string) => router.push(nodeHref(id)), [router]);
  const center = shown.nodes.get(shown.center);
  const hidden = graph.nodes.size - shown.nodes.size;
  const unseenOf = (id: string) => unseen(graph, id, 'used').n + unseen(graph, id, 'led').n;
  return (
    <>
      <p className="t2 lsum">
        <span className="num">{shown.nodes.size.toLocaleString('en')}</span> shown
        {hidden > 0 && (
          <>
            , <span className="num">{hidden.toLocaleString('en')}</span> loaded and filtered out
          </>
        )}
        {center && (
          <>
            ; this rests on <span className="num">{formatCount(center.used)}</span> and led to{' '}
            <span className="num">{formatCount(center.led)}</span>
          </>
        )}
        ; nothing beyond what you open is loaded
        {isFull && `; no more than ${MAX_SHOWN.toLocaleString('en')} are drawn: collapse something first`}
      </p>
      <LineageFilter
        kinds={loaded.kinds}
        agents={loaded.agents}
        filter={filter}
        onFilter={setFilter}
        mode={mode}
        onMode={setMode}
      />
      <div className={embedded ? 'lgrid embedded' : 'lgrid'}>
        <section className="panel canvas" aria-label="Lineage, drawn">
          <div className="lflow">
            {drawn !== null && (
              <LineageCanvas
                drawn={drawn}
                selected={row.node.id}
                anchor={anchor}
                onSelect={select}
                onOpen={go}
                onExpand={more}
              />
            )}
            {layoutFailed && (
              <StateBox kind="failing" title="The drawing could not be laid out">
                The list beside it shows the same.
              </StateBox>
            )}
          </div>
          <div className="hintbar">
            <span>
              <Kbd>↑</Kbd> <Kbd>↓</Kbd> walk the list
            </span>
            <span>
              <Kbd>→</Kbd> open
            </span>
            <span>
              <Kbd>+</Kbd> more
            </span>
            <span>
              <Kbd>Enter</Kbd> go there
            </span>
            <span className="lhint">left: what it used · right: what it led to · +n: not shown yet</span>
          </div>
        </section>
        <div className="lside">
          <Panel title="The same, as a list" flush>
            <LineageList
              rows={rows}
              selected={row.key}
              loading={loading}
              onSelect={(next) => setSelectedKey(next.key)}
              onOpen={(next) => go(next.node.id)}
              onMore={(next) => more(next.node.id)}
              onToggle={(next, isOpen) => {
                if (isOpen && next.more.n > 0 && !expanded.has(next.node.id)) more(next.node.id);
                setOpen((was) => {
                  const now = new Set(was);
                  if (isOpen) now.add(next.key);
                  else now.delete(next.key);
                  return now;
                });
              }}
            />
          </Panel>
          {failed !== null && (
            <StateBox kind="failing" title="This could not be opened">
              Its neighbours were not read; what is drawn is still right.
            </StateBox>
          )}
          <SelectedNode
            node={row.node}
            center={graph.center}
            isExpanded={expanded.has(row.node.id)}
            canExpand={!isFull && unseenOf(row.node.id) > 0}
            onExpand={() => more(row.node.id)}
            onCollapse={() => collapse(row.node.id)}
          />
          <LineageExport graph={shown} />
        </div>
      </div>
      <LiveRegion>{loading === null ? '' : 'Reading more'}</LiveRegion>
    </>
  );
}
