'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Amount } from '@/components/ui/amount';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { TierMark } from '@/components/ui/tier-mark';
import { RelativeTime } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import { useShortcuts } from '@/lib/client/shortcuts';
import type { DecisionRow, SearchTotal } from '@/lib/decisions/decision-view';
import { OUTCOME_WORDS } from './decision-words';
import { TraceLink } from './trace-id';

/** What the bar and the heads cover at the top while one scrolls. */
const COVERED_PX = 84;
const ROW_PX = 36;
/** Rows before the end at which the next page is asked for. */
const AHEAD_ROWS = 60;

/**
 * Every match that has been read so far, drawn as far as it is on screen. `j` and `k` move, Enter opens; the row count
 * is told only where it is exact.
 */
export function DecisionTable({
  rows,
  total,
  hasMore,
  loadMore,
}: {
  rows: readonly DecisionRow[];
  total: SearchTotal | undefined;
  hasMore: boolean;
  loadMore: () => void;
}) {
  const router = useRouter();
  const box = useRef<HTMLUListElement>(null);
  const [offsetPx, setOffsetPx] = useState(0);
  const [current, setCurrent] = useState(0);

  useLayoutEffect(() => {
    const measure = () => {
      const top = box.current?.getBoundingClientRect().top ?? 0;
      setOffsetPx(Math.round(top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: offsetPx,
    scrollPaddingStart: COVERED_PX,
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && lastIndex >= rows.length - AHEAD_ROWS) loadMore();
  }, [hasMore, lastIndex, rows.length, loadMore]);

  const shortcuts = useMemo(() => {
    const move = (by: number) => {
      const next = Math.min(rows.length - 1, Math.max(0, current + by));
      setCurrent(next);
      virtual.scrollToIndex(next, { align: 'auto' });
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
    };
    const open = () => {
      const row = rows[current];
      if (row) router.push(routes.decision(row.id));
    };
    return [
      { keys: 'j', what: 'next decision', run: () => move(1) },
      { keys: 'k', what: 'previous decision', run: () => move(-1) },
      { keys: 'ArrowDown', what: 'next decision', run: () => move(1) },
      { keys: 'ArrowUp', what: 'previous decision', run: () => move(-1) },
      { keys: 'Enter', what: 'open the decision', run: open },
    ];
  }, [rows, current, virtual, router]);
  useShortcuts('Decisions', shortcuts);

  return (
    <div className="dtable">
      <div className="drow head" aria-hidden="true">
        {['When', 'Outcome', 'Agent', 'Action', 'Value', 'Why', 'Tier', 'Decision'].map((head) => (
          <span key={head} className={head === 'Value' ? 'r' : undefined}>
            {head}
          </span>
        ))}
      </div>
      <ul
        ref={box}
        className="dspace"
        aria-label="Decisions, newest first"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-posinset={item.index + 1}
              aria-setsize={total?.kind === 'exact' ? total.n : -1}
              style={{ transform: `translateY(${item.start - offsetPx}px)` }}
            >
              <Link
                href={routes.decision(row.id)}
                prefetch={false}
                data-row={item.index}
                className="drow"
                tabIndex={item.index === current ? 0 : -1}
                onFocus={() => setCurrent(item.index)}
              >
                <DecisionCells row={row} />
              </Link>
              <TraceLink traceId={row.traceId} tabIndex={item.index === current ? 0 : -1} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function DecisionCells({ row }: { row: DecisionRow }) {
  const why = [row.rule, row.control].filter((word) => word !== null).join(', ');
  return (
    <>
      <span className="t2">
        <RelativeTime at={row.occurredAt} />
      </span>
      <span>
        <Word tone={row.verdict}>{OUTCOME_WORDS[row.verdict].toLowerCase()}</Word>
      </span>
      <span className="cut">
        <MarkedText text={row.agent} />
      </span>
      <span className="cut">
        <b className="med">
          <MarkedText text={row.tool} />
        </b>{' '}
        {row.resource !== null && (
          <span className="t2">
            <MarkedText text={row.resource} />
          </span>
        )}
      </span>
      <span className="r">
        {row.amount !== null && row.currency !== null && (
          <Amount value={row.amount} currency={row.currency} column />
        )}
      </span>
      <span className="cut t2">
        <MarkedText text={why} />
      </span>
      <span>
        <TierMark tier={row.tier} />
      </span>
      <span>
        <Id value={row.id} />
      </span>
    </>
  );
}
