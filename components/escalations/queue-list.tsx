'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { type MouseEvent, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { routes } from '@/lib/client/routes';
import { QueueRowText } from './queue-row';
import type { Queue } from './use-queue';

/** Height of a row of two lines before it has been measured. */
const ROW_PX = 82;
const AHEAD_ROWS = 30;

export type QueueListHandle = { reveal: (id: string) => void };

/**
 * The rows, of which only those near the window exist. What is being looked at stays where it is when rows come and go
 * above it. A row is a link to its page; `onSelect` may take a plain click over to show it beside the list.
 */
export function QueueList({
  queue,
  selected,
  marked,
  onMark,
  onSelect,
  ref,
}: {
  queue: Queue;
  selected: string | null;
  /** Marked to be decided together; a click with Shift marks up to there. */
  marked: ReadonlySet<string>;
  onMark: (id: string) => void;
  onSelect: ((id: string) => void) | null;
  ref: Ref<QueueListHandle>;
}) {
  const { rows, arrived, hasMore, loadMore } = queue;
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ id: string; gapPx: number } | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    initialRect: { width: 400, height: 900 },
  });
  const items = virtual.getVirtualItems();
  const firstShown = items.find((item) => item.end > (virtual.scrollOffset ?? 0));
  const lastIndex = items.at(-1)?.index ?? 0;

  useImperativeHandle(ref, () => ({
    reveal: (id) => {
      const index = rows.findIndex((row) => row.id === id);
      if (index < 0) return;
      virtual.scrollToIndex(index, { align: 'auto' });
      if (!scroller.current?.contains(document.activeElement)) return;
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus({ preventScroll: true }),
      );
    },
  }));

  // Before the browser paints the new rows: put what was at the top of the window back where it was.
  useLayoutEffect(() => {
    const held = anchor.current;
    if (held === null || scroller.current === null) return;
    const index = rows.findIndex((row) => row.id === held.id);
    const place = index < 0 ? undefined : virtual.getOffsetForIndex(index, 'start')?.[0];
    if (place === undefined) return;
    const wanted = virtual.measurementsCache[index]?.start ?? place;
    if (Math.abs(wanted + held.gapPx - scroller.current.scrollTop) > 1) {
      scroller.current.scrollTop = wanted + held.gapPx;
    }
  }, [rows, virtual]);
  useEffect(() => {
    anchor.current =
      firstShown === undefined
        ? null
        : { id: String(firstShown.key), gapPx: (virtual.scrollOffset ?? 0) - firstShown.start };
  });

  useEffect(() => {
    if (hasMore && lastIndex >= rows.length - AHEAD_ROWS) loadMore();
  }, [hasMore, lastIndex, rows.length, loadMore]);

  const newAbove =
    firstShown === undefined
      ? 0
      : rows.slice(0, firstShown.index).filter((row) => arrived.has(row.id)).length;

  function onClick(event: MouseEvent<HTMLAnchorElement>, id: string) {
    if (event.shiftKey && event.detail > 0) {
      event.preventDefault();
      onMark(id);
      return;
    }
    // Enter on a row (no pointer: detail 0) and clicks with a modifier go to the page itself.
    if (onSelect === null || event.detail === 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onSelect(id);
  }

  const reachable = rows.some((row) => row.id === selected) ? selected : rows[0]?.id;
  return (
    <div className="rows" ref={scroller}>
      {newAbove > 0 && (
        <div className="new-above">
          <Button small icon="up" onClick={() => virtual.scrollToIndex(0)}>
            {newAbove} new above
          </Button>
        </div>
      )}
      <ul
        className="rows-space"
        aria-label="Escalations by time left"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={arrived.has(row.id) ? 'row-place arrived' : 'row-place'}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={hasMore ? -1 : rows.length}
              aria-posinset={item.index + 1}
            >
              <Link
                href={routes.escalation(row.id)}
                prefetch={false}
                data-row={row.id}
                className={`${row.leavesAtMs === null ? 'qrow' : 'qrow done'}${marked.has(row.id) ? ' marked' : ''}`}
                aria-current={row.id === selected ? 'true' : undefined}
                tabIndex={row.id === reachable ? 0 : -1}
                onClick={(event) => onClick(event, row.id)}
              >
                {marked.has(row.id) && (
                  <span className="row-mark">
                    <Icon name="check" />
                    <span className="vh">Marked. </span>
                  </span>
                )}
                <QueueRowText
                  row={row}
                  skewMs={queue.skewMs}
                  nowMs={row.leavesAtMs === null ? 0 : queue.nowMs}
                />
              </Link>
            </li>
          );
        })}
      </ul>
      {queue.isCutShort && (
        <div className="rows-state" role="alert">
          <p>
            These are {rows.length.toLocaleString('en')} of those that wait; the rest could not be loaded.
          </p>
          <Button small icon="refresh" onClick={queue.loadAgain}>
            Load the rest
          </Button>
        </div>
      )}
    </div>
  );
}
