'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { nodeHref } from '@/components/decisions/value-parts';
import { Button, buttonClass } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { DataTable } from '@/components/ui/data-table';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { RequestError } from '@/lib/client/fetch-json';
import { closureExportPath, closureQuery } from '@/lib/client/queries/lineage';
import { routes } from '@/lib/client/routes';
import { type LineageClosure, NODE_KINDS, type NodeKind } from '@/lib/lineage/lineage-view';
import { NODE_WORDS } from './node-words';
import { shortLabel } from './short-label';

/** "What else did this touch?": everything that came of a node, counted by kind, nearest first. */
export function LineageTouched({ node }: { node: string }) {
  const [kind, setKind] = useState<NodeKind | null>('decision');
  const [agent, setAgent] = useState<string | null>(null);
  const closure = useInfiniteQuery(closureQuery(node, { kind, agent }));
  if (closure.isPending) return <Skeleton lines={12} label="Following what came of it" />;
  const first = closure.data?.pages[0];
  if (closure.isError || !first) {
    const unknown = closure.error instanceof RequestError && closure.error.status === 404;
    return (
      <StateBox
        kind={unknown ? 'empty' : 'failing'}
        title={unknown ? 'Nothing here has this name' : 'What came of it could not be followed'}
        action={
          unknown ? undefined : (
            <Button small onClick={() => closure.refetch()}>
              Read again
            </Button>
          )
        }
      >
        {unknown ? 'No record of this organisation names it.' : closure.error?.message}
      </StateBox>
    );
  }
  const rows = closure.data.pages.flatMap((page) => page.rows);
  const total = Object.values(first.counts).reduce((sum, n) => sum + n, 0);
  return (
    <>
      <p className="t2 lsum" role="status">
        <MarkedText text={shortLabel(first.center.label)} /> ({NODE_WORDS[first.center.kind].word}) touched{' '}
        {first.complete ? '' : 'at least '}
        <span className="num">{total.toLocaleString('en')}</span> {total === 1 ? 'thing' : 'things'}, of which{' '}
        <span className="num">{(first.counts.decision ?? 0).toLocaleString('en')}</span>{' '}
        {first.counts.decision === 1 ? 'is a decision' : 'are decisions'}.{' '}
        {first.complete
          ? 'This is all of it that is recorded here.'
          : `The search stopped at ${first.limits.nodes.toLocaleString('en')} things or ${first.limits.hops} hops: there is more.`}
      </p>
      <div className="lfilter">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot lie in a line */}
        <div className="lkinds" role="group" aria-label="Kind">
          <Chip pressed={kind === null} count={total.toLocaleString('en')} onClick={() => setKind(null)}>
            everything
          </Chip>
          {NODE_KINDS.filter((each) => first.counts[each] || each === kind).map((each) => (
            <Chip
              key={each}
              pressed={kind === each}
              count={(first.counts[each] ?? 0).toLocaleString('en')}
              onClick={() => setKind(each)}
            >
              {NODE_WORDS[each].word}
            </Chip>
          ))}
        </div>
        <div className="lwhen">
          {first.agents.length > 1 && (
            <Select
              aria-label="Agent"
              compact
              value={agent ?? ''}
              onChange={(event) => setAgent(event.target.value || null)}
              options={[
                { value: '', label: 'every agent' },
                ...first.agents.map(({ agent: name, n }) => ({ value: name, label: `${name}, ${n}` })),
              ]}
            />
          )}
          <a className={buttonClass({ small: true })} href={closureExportPath(node, 'prov')} download>
            PROV-JSON
          </a>
          <a className={buttonClass({ small: true })} href={closureExportPath(node, 'openlineage')} download>
            OpenLineage
          </a>
        </div>
      </div>
      {rows.length === 0 ? (
        <StateBox kind="empty" title={total === 0 ? 'Nothing came of it' : 'Nothing of this kind came of it'}>
          {total === 0
            ? `No record ${first.complete ? '' : 'within the bounds '}rests on it.`
            : `What it touched is of another kind${agent === null ? '' : ' or of another agent'}: “everything” shows it.`}
        </StateBox>
      ) : (
        <Rows rows={rows} node={node} />
      )}
      <p className="lmore">
        {rows.length > 0 && (
          <span className="t2 num">
            {rows.length.toLocaleString('en')} of {first.matching.toLocaleString('en')} shown
          </span>
        )}{' '}
        {closure.hasNextPage && (
          <Button small busy={closure.isFetchingNextPage} onClick={() => closure.fetchNextPage()}>
            Show more
          </Button>
        )}
      </p>
    </>
  );
}

function Rows({ rows, node }: { rows: LineageClosure['rows']; node: string }) {
  return (
    <DataTable
      caption="What came of it"
      rows={rows}
      rowKey={(row) => row.node.id}
      columns={[
        {
          key: 'what',
          head: 'What',
          cell: (row) => (
            <span className="ltouch">
              <Icon name={NODE_WORDS[row.node.kind].icon} small />
              <Link className="link" href={nodeHref(row.node.id)} prefetch={false}>
                <MarkedText text={shortLabel(row.node.label)} />
              </Link>
              <span className="dim">{NODE_WORDS[row.node.kind].word}</span>
            </span>
          ),
        },
        { key: 'agent', head: 'Agent', cell: (row) => <MarkedText text={row.node.agent ?? ''} /> },
        { key: 'at', head: 'When', cell: (row) => (row.node.at === null ? '' : <Time at={row.node.at} />) },
        {
          key: 'via',
          head: 'How',
          cell: (row) => (
            <>
              {row.via.replaceAll('_', ' ')}{' '}
              {row.hops > 1 && (
                <Link
                  className="link"
                  href={routes.lineage(node, { view: 'way', to: row.node.id })}
                  prefetch={false}
                >
                  {row.hops} hops
                </Link>
              )}
            </>
          ),
        },
        { key: 'id', head: 'Id', cell: (row) => <Id value={row.node.id} keep={6} copy /> },
      ]}
    />
  );
}
