'use client';

import { type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { startTransition, useCallback, useEffect, useMemo, useOptimistic, useState } from 'react';
import { ExportSearch } from '@/components/evidence/export-search';
import { Button } from '@/components/ui/button';
import { LiveRegion } from '@/components/ui/live-region';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { FindSubject } from '@/components/vault/find-subject';
import { RequestError } from '@/lib/client/fetch-json';
import { decisionsQuery, decisionsSummaryQuery } from '@/lib/client/queries/decisions';
import { routes } from '@/lib/client/routes';
import type { DecisionPage, DecisionRow, SearchSummary, SearchTotal } from '@/lib/decisions/decision-view';
import {
  formatSearchQuery,
  parseSearchQuery,
  type SearchQuery,
  withTerm,
} from '@/lib/decisions/search-query';
import { basisWords, totalWords } from '@/lib/decisions/search-words';
import { DecisionTable } from './decision-table';
import { ExportList } from './export-list';
import { SavedSearches } from './saved-searches';
import { SearchBox } from './search-box';
import { SearchFacets } from './search-facets';
import { SearchHistogram } from './search-histogram';
import { SearchedTo } from './searched-to';
import { TimeRange } from './time-range';
import { useIsWide } from './use-is-wide';
import './decisions.css';

/** Stretches without a full page that are looked through before somebody has to ask for more. */
const STRETCHES = 5;

/** Stretches at the end of what was read that did not fill a page. */
function countStretches(pages: readonly DecisionPage[]): number {
  const full = pages.findLastIndex(({ searchedTo }) => searchedTo === null);
  return pages.length - 1 - full;
}

/** The search over decisions; the URL is its state. */
export function DecisionsScreen({
  mayExport,
  mayLookBehind,
  decides,
}: {
  mayExport: boolean;
  /** May decide cases that wait: those open here after their verdict. */
  decides: boolean;
  /** May ask the vault for the token of a real identifier. */
  mayLookBehind: boolean;
}) {
  const router = useRouter();
  const params = useSearchParams();
  // What was chosen holds at once: the next click narrows it further, and not the address that is about to change.
  const [text, chooseText] = useOptimistic(params.get('q') ?? '');
  const parsed = useMemo(() => parseSearchQuery(text), [text]);
  const query: SearchQuery = parsed.ok ? parsed.value : [];
  const canonical = formatSearchQuery(query);
  const list = useInfiniteQuery({ ...decisionsQuery(canonical), enabled: parsed.ok });
  const summary = useQuery({ ...decisionsSummaryQuery(canonical), enabled: parsed.ok });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const further = useFurther(canonical, list.data?.pages ?? []);
  const { fetchNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  // After a failure somebody must ask again: a list that scrolls would ask without end.
  const mayLoad = !isFetchingNextPage && !isFetchNextPageError && further.isAllowed;
  const loadMore = useCallback(() => {
    if (mayLoad) void fetchNextPage();
  }, [fetchNextPage, mayLoad]);

  function open(chosen: string) {
    startTransition(() => {
      chooseText(chosen);
      router.push(routes.decisions(chosen), { scroll: false });
    });
  }

  function change(next: SearchQuery) {
    open(formatSearchQuery(next));
  }

  const isWide = useIsWide();
  const total = totalWords(summary.data?.total, rows.length, list.isSuccess && !list.hasNextPage);
  return (
    <div className="page decisions">
      <div className="row1h">
        <h1>Decisions</h1>
        {parsed.ok && !list.isError && <span className="t2 num">{list.isPending ? 'searching' : total}</span>}
        {parsed.ok && (
          <span className="end dexport">
            <SavedSearches query={canonical} onOpen={open} />
            {rows.length > 0 && mayExport && <ExportSearch query={canonical} />}
            {rows.length > 0 && <ExportList query={canonical} total={summary.data?.total} />}
          </span>
        )}
      </div>
      <SearchBox query={query} onChange={change} />
      {mayLookBehind && (
        <p>
          <FindSubject onFound={(token) => change(withTerm(query, { field: 'subject', value: token }))} />
        </p>
      )}
      {decides && (
        <p className="lab">
          What waits for a verdict is counted and not listed: it opens here once it is decided.
        </p>
      )}
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
                basis={basisWords(summary.data.basis)}
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
            <TimeRange query={query} onChange={change} />
            <Results
              list={list}
              rows={rows}
              total={summary.data?.total}
              query={query}
              further={further}
              loadMore={loadMore}
              readOn={() => void fetchNextPage()}
              onClear={() => change([])}
            />
          </div>
        </div>
      )}
    </div>
  );
}

interface Further {
  /** How far every decision was looked at, where the last page was not full. */
  searchedTo: string | null;
  isAllowed: boolean;
  allow: () => void;
}

/** A search whose terms meet rarely goes on by itself for a while, then waits to be asked. */
function useFurther(query: string, pages: readonly DecisionPage[]): Further {
  const [allowed, setAllowed] = useState({ query, stretches: STRETCHES });
  const stretches = countStretches(pages);
  const most = allowed.query === query ? allowed.stretches : STRETCHES;
  return {
    searchedTo: pages.at(-1)?.searchedTo ?? null,
    isAllowed: stretches < most,
    allow: () => setAllowed({ query, stretches: stretches + STRETCHES }),
  };
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
  const { facets, basis, details } = summary.data;
  if (facets === null) {
    return (
      <p className="lab">
        Counting took too long and was given up. A day, an agent or a subject brings the counts back.
      </p>
    );
  }
  return (
    <>
      <SearchFacets facets={facets} basis={basis} query={query} onChange={onChange} />
      {details && (
        <SearchFacets facets={details.facets} basis={details.basis} query={query} onChange={onChange} />
      )}
    </>
  );
}

function Results({
  list,
  rows,
  total,
  query,
  further,
  loadMore,
  readOn,
  onClear,
}: {
  list: {
    isPending: boolean;
    isError: boolean;
    error: Error | null;
    hasNextPage: boolean;
    isFetchNextPageError: boolean;
    refetch: () => unknown;
  };
  rows: readonly DecisionRow[];
  total: SearchTotal | undefined;
  query: SearchQuery;
  further: Further;
  loadMore: () => void;
  readOn: () => void;
  onClear: () => void;
}) {
  if (list.isPending) return <Skeleton lines={16} label="Searching" />;
  if (list.error instanceof RequestError && list.error.code === 'case_waits') {
    return (
      <StateBox kind="empty" title="This belongs to a case that waits">
        {list.error.message}
      </StateBox>
    );
  }
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
  const goesOn = list.hasNextPage && further.searchedTo !== null;
  const searchedTo = goesOn && (
    <SearchedTo
      at={further.searchedTo ?? ''}
      isOn={further.isAllowed && !list.isFetchNextPageError}
      onFurther={() => {
        further.allow();
        readOn();
      }}
    />
  );
  if (rows.length === 0 && goesOn) {
    return (
      <>
        <StateBox kind="empty" title="Nothing so far" />
        <LoadMore onShown={loadMore} />
        {searchedTo}
      </>
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
      {list.isFetchNextPageError ? (
        <p className="dfurther" role="alert">
          The next decisions could not be read.{' '}
          <Button small onClick={readOn}>
            Read on
          </Button>
        </p>
      ) : (
        searchedTo || (
          <p className="lab dfoot">
            {list.hasNextPage
              ? `${rows.length.toLocaleString('en')} read so far; more as you scroll`
              : `${rows.length.toLocaleString('en')} shown, and there are no more`}
          </p>
        )
      )}
    </>
  );
}

/** Goes on while nothing is shown that could be scrolled. */
function LoadMore({ onShown }: { onShown: () => void }) {
  useEffect(onShown, [onShown]);
  return null;
}
