import { memo } from 'react';
import { MarkedText } from './marked-text';
import type { JsonLine } from './parse-json-lines';

/** One line of a JSON tree. Drawn again only when something about it changes: a tree may have tens of thousands. */
export const JsonLineRow = memo(function JsonLineRow({
  line,
  folded,
  marked,
  found,
  focusable,
  onFocus,
  onToggle,
}: {
  line: JsonLine;
  folded: boolean | undefined;
  marked: boolean;
  found: boolean;
  focusable: boolean;
  onFocus: (number: number) => void;
  onToggle: (number: number) => void;
}) {
  const inside = line.lastLine - line.number;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it listens to the keyboard for all its lines
    <div
      className={`ln${marked ? ' hit' : ''}${found ? ' found' : ''}`}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-expanded={folded === undefined ? undefined : !folded}
      aria-selected={found}
      data-line={line.number}
      tabIndex={focusable ? 0 : -1}
      onFocus={() => onFocus(line.number)}
      onClick={folded === undefined ? undefined : () => onToggle(line.number)}
    >
      <span>{line.number}</span>
      <span
        className={line.depth === 0 && line.childCount > 0 ? 'k o' : 'k'}
        style={{ paddingLeft: `${line.depth * 14}px` }}
      >
        {line.isElement ? `[${line.key}]` : <MarkedText text={line.key} />}
      </span>
      <span className="v">
        <Value line={line} />
        {folded && <span className="u">{inside} lines folded</span>}
        {line.isDuplicate && <span className="cp">same name twice</span>}
      </span>
    </div>
  );
});

function Value({ line }: { line: JsonLine }) {
  if (line.childCount > 0) return null;
  if (line.type !== 'string') return line.text;
  return (
    <>
      "<MarkedText text={line.text} />"
    </>
  );
}
