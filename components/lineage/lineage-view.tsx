'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import { nodeHref } from '@/components/decisions/value-parts';
import { Button, buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { Kbd } from '@/components/ui/kbd';
import { LiveRegion } from '@/components/ui/live-region';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { RequestError } from '@/lib/client/fetch-json';
import { routes } from '@/lib/client/routes';
import { formatCount, type LineageNode } from '@/lib/lineage/lineage-view';
import { listRows } from '@/lib/lineage/list-rows';
import { LineageList, shortLabel } from './lineage-list';
import { NODE_WORDS } from './node-words';
import { useLineage } from './use-lineage';
import './lineage.css';
import Link from 'next/link';

const LineageCanvas = dynamic(() => import('./lineage-canvas').then((module) => module.LineageCanvas), {
  ssr: false,
  loading: () => <Skeleton lines={8} label="Drawing" />,
});

/** The lineage around one node, drawn and as a list; nothing beyond one hop is loaded until it is asked for. */
export function LineageView({ node, embedded = false }: { node: string; embedded?: boolean }) {
  const router = useRouter();
  const { first, graph, expand, loading, failed } = useLineage(node);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([node]));
  const [selectedKey, setSelectedKey] = useState(node);
  const rows = useMemo(() => (graph ? listRows(graph, open) : []), [graph, open]);
  const row = rows.find(({ key }) => key === selectedKey) ?? rows[0];
  const select = useCallback(
    (id: string) => setSelectedKey((was) => rows.find((each) => each.node.id === id)?.key ?? was),
    [rows],
  );

  if (first.isPending) return <Skeleton lines={12} label="Reading the lineage" />;
  if (first.isError || !graph || !row) {
    const unknown = first.error instanceof RequestError && first.error.status === 404;
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
  const go = (id: string) => router.push(nodeHref(id));
  const center = graph.nodes.get(graph.center);
  return (
    <>
      <p className="t2 lsum">
        <span className="num">{graph.nodes.size}</span> shown
        {center && (
          <>
            ; this rests on <span className="num">{formatCount(center.used)}</span> and led to{' '}
            <span className="num">{formatCount(center.led)}</span>
          </>
        )}
        ; nothing beyond what you open is loaded
      </p>
      <div className={embedded ? 'lgrid embedded' : 'lgrid'}>
        <section className="panel canvas" aria-label="Lineage, drawn">
          <div className="lflow">
            <LineageCanvas
              graph={graph}
              selected={row.node.id}
              onSelect={select}
              onOpen={go}
              onExpand={expand}
            />
          </div>
          <div className="hintbar">
            <span>
              <Kbd>↑</Kbd> <Kbd>↓</Kbd> walk the list
            </span>
            <span>
              <Kbd>→</Kbd> open
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
              onToggle={(next, isOpen) => {
                if (isOpen && next.more.n > 0) void expand(next.node.id);
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
          <Selected node={row.node} isCenter={row.node.id === graph.center} />
        </div>
      </div>
      <LiveRegion>{loading === null ? '' : 'Reading more'}</LiveRegion>
    </>
  );
}

function Selected({ node, isCenter }: { node: LineageNode; isCenter: boolean }) {
  const { word, icon } = NODE_WORDS[node.kind];
  return (
    <section className="panel selbox" aria-label="Chosen node">
      <div className="subhead">
        <Icon name={icon} />
        <b>
          <MarkedText text={shortLabel(node.label)} />
        </b>
        <span className="end lab">{word}</span>
      </div>
      <p>
        <Id value={node.id} keep={8} copy />
      </p>
      {node.at !== null && (
        <p className="t2">
          <Time at={node.at} />
        </p>
      )}
      <p className="t2">
        Rests on {formatCount(node.used)}, led to {formatCount(node.led)}.
      </p>
      <div className="btns">
        {!isCenter && (
          <Link
            className={buttonClass({ variant: 'primary', small: true })}
            href={routes.lineage(node.id)}
            prefetch={false}
          >
            What else did this touch?
          </Link>
        )}
        {node.kind === 'decision' && (
          <Link className={buttonClass({ small: true })} href={routes.decision(node.id)} prefetch={false}>
            Open the decision
          </Link>
        )}
        {node.kind === 'escalation' && (
          <Link className={buttonClass({ small: true })} href={routes.escalation(node.id)} prefetch={false}>
            Open the escalation
          </Link>
        )}
      </div>
    </section>
  );
}
