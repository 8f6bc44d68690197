'use client';

import { type KeyboardEvent, useCallback, useId, useMemo, useRef, useState } from 'react';
import { listHidden } from '@/lib/core/visible-text';
import { JsonLineRow } from './json-line-row';
import { listLines } from './list-json-lines';
import { MarkedText } from './marked-text';
import { NotInspectable } from './not-inspectable';
import { type JsonLine, parseJsonLines } from './parse-json-lines';
import { Subhead } from './subhead';

/** Lines in one block that the browser may leave unpainted while it is off the screen. */
const BLOCK = 100;
/** Height of a line that was not painted yet. */
const LINE_PX = 20;

/**
 * A JSON text (attacker-controlled) as numbered lines, all of them: open and close, search, raw text.
 * Nothing is shortened; what is folded or cannot be drawn is counted in the head. `marks` puts the marker pen on lines by
 * RFC 6901 pointer; code points that hide, and names that stand twice, mark themselves.
 */
export function JsonTree({
  json,
  title,
  note,
  marks,
}: {
  json: string;
  title: string;
  note?: string;
  marks?: readonly string[];
}) {
  const id = useId();
  const parsed = useMemo(() => parseJsonLines(json), [json]);
  const [view, setView] = useState<'tree' | 'raw'>('tree');
  const [query, setQuery] = useState<string | null>(null);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [focusLine, setFocusLine] = useState(1);
  const tree = useRef<HTMLDivElement>(null);
  const marked = useMemo(() => {
    const wanted = new Set(marks);
    const deceives = (line: JsonLine) =>
      line.isDuplicate || listHidden(line.key).length > 0 || listHidden(line.text).length > 0;
    const lines = parsed.ok ? parsed.lines : [];
    return new Set(
      lines.filter((line) => wanted.has(line.pointer) || deceives(line)).map((line) => line.number),
    );
  }, [parsed, marks]);
  const toggle = useCallback((number: number) => {
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(number)) after.add(number);
      return after;
    });
  }, []);

  if (!parsed.ok) {
    return (
      <div>
        <Subhead title={title} note={`${json.length} characters, shown as they came`} />
        <p className="lab">
          <NotInspectable /> no valid JSON at character {parsed.at + 1}: {parsed.reason}
        </p>
        <pre className="raw">
          <MarkedText text={json} />
        </pre>
      </div>
    );
  }

  const { lines } = parsed;
  const { shown, found, keyWidth } = listLines(lines, folded, query ?? '');
  const hiddenCount = lines.length - shown.length;
  const isFound = new Set(found);
  const containers = lines.filter((line) => line.childCount > 0).map((line) => line.number);

  function go(number: number | undefined) {
    if (number === undefined) return;
    setFocusLine(number);
    tree.current?.querySelector<HTMLElement>(`[data-line="${number}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const at = shown.findIndex((line) => line.number === focusLine);
    const line = shown[at];
    if (line === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const isOpen = line.childCount > 0 && !folded.has(line.number);
    switch (event.key) {
      case 'ArrowDown':
        go(shown[at + 1]?.number);
        break;
      case 'ArrowUp':
        go(shown[at - 1]?.number);
        break;
      case 'Home':
        go(shown[0]?.number);
        break;
      case 'End':
        go(shown.at(-1)?.number);
        break;
      case 'ArrowRight':
        if (isOpen) go(line.number + 1);
        else if (line.childCount > 0) toggle(line.number);
        break;
      case 'ArrowLeft':
        if (isOpen) toggle(line.number);
        else go(lines.findLast((up) => up.number < line.number && up.depth < line.depth)?.number);
        break;
      case 'Enter':
        if (line.childCount > 0) toggle(line.number);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const count = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, ${hiddenCount === 0 ? 'none hidden' : `${hiddenCount} folded`}`;
  const active = shown.some((line) => line.number === focusLine) ? focusLine : shown[0]?.number;
  return (
    <div>
      <Subhead
        title={<span id={`${id}-title`}>{title}</span>}
        note={note === undefined ? count : `${count}, ${note}`}
        end={
          <>
            {view === 'tree' && containers.length > 0 && (
              <button
                type="button"
                className="ghost"
                onClick={() => setFolded(new Set(folded.size === 0 ? containers : []))}
              >
                {folded.size === 0 ? 'Fold all' : 'Expand all'}
              </button>
            )}
            {view === 'tree' && (
              <button
                type="button"
                className="ghost"
                aria-expanded={query !== null}
                onClick={() => setQuery(query === null ? '' : null)}
              >
                Search
              </button>
            )}
            <button
              type="button"
              className="ghost"
              aria-pressed={view === 'raw'}
              onClick={() => setView(view === 'raw' ? 'tree' : 'raw')}
            >
              Raw text
            </button>
          </>
        }
      />
      {view === 'tree' && query !== null && (
        <div className="tree-find">
          <input
            className="input"
            type="search"
            aria-label={`Search in ${title}`}
            placeholder="Name or value"
            value={query}
            // biome-ignore lint/a11y/noAutofocus: it appears because the person asked to search
            autoFocus
            onChange={(event) => {
              setQuery(event.target.value);
              setFolded(new Set());
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') go(found.find((number) => number > focusLine) ?? found[0]);
              if (event.key === 'Escape') setQuery(null);
            }}
          />
          <span className="lab" aria-live="polite">
            {query !== '' && `${found.length} of ${lines.length} lines match`}
          </span>
        </div>
      )}
      {view === 'raw' ? (
        <pre className="raw">
          <MarkedText text={json} />
        </pre>
      ) : (
        <div
          className="tree"
          role="tree"
          ref={tree}
          tabIndex={-1}
          aria-labelledby={`${id}-title`}
          style={{ '--key-w': keyWidth } as Record<string, string>}
          onKeyDown={onKeyDown}
        >
          {Array.from({ length: Math.ceil(shown.length / BLOCK) }, (_, block) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: blocks are places
              key={block}
              className={shown.length > BLOCK ? 'tree-block' : undefined}
              style={{
                containIntrinsicSize: `auto none auto ${Math.min(BLOCK, shown.length - block * BLOCK) * LINE_PX}px`,
              }}
              role="presentation"
            >
              {shown.slice(block * BLOCK, (block + 1) * BLOCK).map((line) => (
                <JsonLineRow
                  key={line.number}
                  line={line}
                  folded={line.childCount > 0 ? folded.has(line.number) : undefined}
                  marked={marked.has(line.number)}
                  found={isFound.has(line.number)}
                  focusable={line.number === active}
                  onFocus={setFocusLine}
                  onToggle={toggle}
                />
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
