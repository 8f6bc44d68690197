'use client';

import { type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { ExportSearch } from '@/components/evidence/export-search';
import { Button, buttonClass } from '@/components/ui/button';
import { LiveRegion } from '@/components/ui/live-region';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { decisionsQuery, decisionsSummaryQuery, exportPath } from '@/lib/client/queries/decisions';
import { routes } from '@/lib/client/routes';
import type { DecisionRow, SearchSummary, SearchTotal } from '@/lib/decisions/decision-view';
import {
  formatSearchQuery,
  parseSearchQuery,
  type SearchQuery,
  withTerm,
} from '@/lib/decisions/search-query';
import { DecisionTable } from './decision-table';
import { SearchBox } from './search-box';
import { SearchFacets } from './search-facets';
import { SearchHistogram } from './search-histogram';
import { useIsWide } from './use-is-wide';
import './decisions.css';

function totalWords(total: SearchTotal | undefined, shown: number, hasMore: boolean): string {
  if (!hasMore && total?.kind !== 'exact') return `${shown.toLocaleString('en')} decisions`;
  if (!total) return 'counting';
  if (total.kind === 'exact')
    return `${total.n.toLocaleString('en')} ${total.n === 1 ? 'decision' : 'decisions'}`;
  const known = Math.max(total.n, shown);
  return `more than ${known.toLocaleString('en')} decisions`;
}

/** The search over decisions; the URL is its state. */
export function DecisionsScreen({ mayExport }: { mayExport: boolean }) {
  const router = useRouter();
  const params = useSearchParams();
  const text = params.get('q') ?? '';
  const parsed = useMemo(() => parseSearchQuery(text), [text]);
  const query: SearchQuery = parsed.ok ? parsed.value : [];
  const canonical = formatSearchQuery(query);
  const list = useInfiniteQuery({ ...decisionsQuery(canonical), enabled: parsed.ok });
  const summary = useQuery({ ...decisionsSummaryQuery(canonical), enabled: parsed.ok });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const { fetchNextPage, isFetchingNextPage } = list;
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  function change(next: SearchQuery) {
    router.push(routes.decisions(formatSearchQuery(next)), { scroll: false });
  }

  const isWide = useIsWide();
  const total = totalWords(summary.data?.total, rows.length, list.hasNextPage);
  return (
    <div className="page decisions">
      <div className="row1h">
        <h1>Decisions</h1>
        {parsed.ok && !list.isError && <span className="t2 num">{list.isPending ? 'searching' : total}</span>}
        {rows.length > 0 && (
          <span className="end dexport">
            {mayExport && <ExportSearch query={canonical} />}
            <a className={buttonClass({ small: true })} href={exportPath(canonical, 'csv')} download>
              CSV
            </a>
            <a className={buttonClass({ small: true })} href={exportPath(canonical, 'ndjson')} download>
              NDJSON
            </a>
          </span>
        )}
      </div>
      <SearchBox query={query} onChange={change} />
      <LiveRegion>{parsed.ok && !list.isPending ? total : ''}</LiveRegion>
      {!parsed.ok ? (
        <StateBox
          kind="failing"
          title="This address is not a search"
          action={
            <Button small onClick={() => change([])}>
              Begin a new one
            </Button>
          }
        >
          It stops at <code>{parsed.detail}</code>. Nothing was searched, so that nothing looks like “no
          match”.
        </StateBox>
      ) : (
        <div className="dgrid">
          <details className="dside" open={isWide}>
            <summary>Narrow this search</summary>
            <Aside summary={summary} query={query} onChange={change} />
          </details>
          <div className="dmain">
            {summary.data?.histogram && summary.data.histogram.length > 1 && (
              <SearchHistogram
                buckets={summary.data.histogram}
                onBrush={(from, to) =>
                  change(
                    withTerm(withTerm(query, { field: 'after', value: from }), {
                      field: 'before',
                      value: to,
                    }),
                  )
                }
              />
            )}
            <Results
              list={list}
              rows={rows}
              total={summary.data?.total}
              query={query}
              loadMore={loadMore}
              onClear={() => change([])}
            />
          </div>
        </div>
      )}
    </div>
  );
}

function Aside({
  summary,
  query,
  onChange,
}: {
  summary: UseQueryResult<SearchSummary>;
  query: SearchQuery;
  onChange: (query: SearchQuery) => void;
}) {
  if (summary.isPending) return <Skeleton lines={8} label="Counting" />;
  if (summary.isError) {
    return (
      <StateBox
        kind="failing"
        title="The counts could not be read"
        action={
          <Button small onClick={() => summary.refetch()}>
            Count again
          </Button>
        }
      >
        The list beside is complete without them.
      </StateBox>
    );
  }
  if (summary.data.facets === null) {
    return (
      <p className="lab">
        More match than are read to be counted, and rollups do not count by these terms. A day, an agent or a
        subject brings the counts back.
      </p>
    );
  }
  return <SearchFacets facets={summary.data.facets} query={query} onChange={onChange} />;
}

function Results({
  list,
  rows,
  total,
  query,
  loadMore,
  onClear,
}: {
  list: {
    isPending: boolean;
    isError: boolean;
    error: Error | null;
    hasNextPage: boolean;
    refetch: () => unknown;
  };
  rows: readonly DecisionRow[];
  total: SearchTotal | undefined;
  query: SearchQuery;
  loadMore: () => void;
  onClear: () => void;
}) {
  if (list.isPending) return <Skeleton lines={16} label="Searching" />;
  if (list.isError && rows.length === 0) {
    return (
      <StateBox
        kind="failing"
        title="The search got no answer"
        action={
          <Button small onClick={() => list.refetch()}>
            Search again
          </Button>
        }
      >
        {list.error?.message} Nothing is said about what matches.
      </StateBox>
    );
  }
  if (rows.length === 0) {
    return query.length === 0 ? (
      <StateBox kind="empty" title="No decision has been recorded yet">
        The first record that a producer sends appears here.
      </StateBox>
    ) : (
      <StateBox
        kind="empty"
        title="Nothing matches"
        action={
          <Button small onClick={onClear}>
            Clear the search
          </Button>
        }
      >
        No decision of this organisation has all of these terms.
      </StateBox>
    );
  }
  return (
    <>
      <DecisionTable rows={rows} total={total} hasMore={list.hasNextPage} loadMore={loadMore} />
      <p className="lab dfoot">
        {list.hasNextPage
          ? `${rows.length.toLocaleString('en')} read so far; more as you scroll`
          : `${rows.length.toLocaleString('en')} shown, and there are no more`}
      </p>
    </>
  );
}
