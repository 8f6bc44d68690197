'use client';

import { type KeyboardEvent, useRef } from 'react';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import { COUNT_LIMIT, formatCount } from '@/lib/lineage/lineage-view';
import type { ListRow } from '@/lib/lineage/list-rows';
import { NODE_WORDS } from './node-words';
import { shortLabel } from './short-label';

/** What is not shown yet below a row, or how much else rests on it. */
function Count({ row, onMore }: { row: ListRow; onMore: (row: ListRow) => void }) {
  if (row.more.n > 0) {
    const words = row.more.atLeast ? formatCount(COUNT_LIMIT) : formatCount(row.more.n);
    return (
      <button
        type="button"
        className="nn num"
        tabIndex={-1}
        aria-label={`${words} not shown yet: show more`}
        onClick={(event) => {
          event.stopPropagation();
          onMore(row);
        }}
      >
        +{words}
      </button>
    );
  }
  const touched = row.side === 'used' && row.node.led > 1;
  return (
    <span className="nn num" title={touched ? `${formatCount(row.node.led)} rest on this` : undefined}>
      {touched ? formatCount(row.node.led) : ''}
    </span>
  );
}

/** Arrow keys walk, right opens, left closes or goes up, plus reads more, Enter goes to the node. WAI-ARIA tree. */
export function LineageList({
  rows,
  selected,
  loading,
  onSelect,
  onToggle,
  onMore,
  onOpen,
}: {
  rows: readonly ListRow[];
  /** Key of the row with the focus. */
  selected: string;
  loading: string | null;
  onSelect: (row: ListRow) => void;
  onToggle: (row: ListRow, open: boolean) => void;
  onMore: (row: ListRow) => void;
  onOpen: (row: ListRow) => void;
}) {
  const tree = useRef<HTMLDivElement>(null);
  const reachable = rows.some(({ key }) => key === selected) ? selected : rows[0]?.key;

  function focus(row: ListRow | undefined) {
    if (!row) return;
    onSelect(row);
    const element = [...(tree.current?.children ?? [])].find(
      (child) => (child as HTMLElement).dataset.key === row.key,
    );
    (element as HTMLElement | undefined)?.focus();
  }

  function onKeyDown(event: KeyboardEvent, row: ListRow, at: number) {
    const up = rows.slice(0, at).findLast(({ level }) => level < row.level);
    const act = actionOf(event.key);
    if (!act) return;
    function actionOf(key: string): (() => void) | undefined {
      switch (key) {
        case 'ArrowDown':
          return () => focus(rows[at + 1]);
        case 'ArrowUp':
          return () => focus(rows[at - 1]);
        case 'Home':
          return () => focus(rows[0]);
        case 'End':
          return () => focus(rows.at(-1));
        case 'ArrowRight':
          return () => (row.isOpen ? focus(rows[at + 1]) : row.canOpen && onToggle(row, true));
        case 'ArrowLeft':
          return () => (row.isOpen ? onToggle(row, false) : focus(up));
        case '+':
          return () => row.more.n > 0 && onMore(row);
        case 'Enter':
          return () => onOpen(row);
        case ' ':
          return () => row.canOpen && onToggle(row, !row.isOpen);
      }
    }
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  return (
    <div className="ltree" role="tree" aria-label="Lineage as a list" ref={tree}>
      {rows.map((row, at) => {
        const { word, icon } = NODE_WORDS[row.node.kind];
        return (
          <div
            key={row.key}
            data-key={row.key}
            role="treeitem"
            aria-level={row.level}
            aria-expanded={row.canOpen ? row.isOpen : undefined}
            aria-selected={row.key === selected}
            aria-setsize={row.setSize}
            aria-posinset={row.place}
            aria-busy={loading === row.node.id || undefined}
            tabIndex={row.key === reachable ? 0 : -1}
            className={`${row.level === 1 ? 'me' : ''}${row.key === selected ? ' sel' : ''}`}
            style={{ paddingLeft: 8 + (row.level - 1) * 16 }}
            onClick={() => onSelect(row)}
            onFocus={() => onSelect(row)}
            onDoubleClick={() => onOpen(row)}
            onKeyDown={(event) => onKeyDown(event, row, at)}
          >
            {row.canOpen ? (
              <button
                type="button"
                className="tw"
                tabIndex={-1}
                // For the pointer only: the row says whether it is open, and arrow keys open it.
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation();
                  onToggle(row, !row.isOpen);
                }}
              >
                <Icon name={row.isOpen ? 'down' : 'right'} small />
              </button>
            ) : (
              <span className="tw" />
            )}
            <Icon
              name={loading === row.node.id ? 'running' : icon}
              small
              className={loading === row.node.id ? 'spin' : undefined}
            />
            <span className="tt" title={row.node.label}>
              <MarkedText text={shortLabel(row.node.label)} />
              {row.node.note !== null && (
                <span className="dim">
                  {' '}
                  <MarkedText text={row.node.note} />
                </span>
              )}
            </span>
            <span className="dd">
              {row.side === 'used' ? 'used, ' : row.side === 'led' ? 'led to, ' : ''}
              {word}
            </span>
            <Count row={row} onMore={onMore} />
          </div>
        );
      })}
    </div>
  );
}
