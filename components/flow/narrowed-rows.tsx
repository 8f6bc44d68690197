import { MarkedText } from '@/components/ui/marked-text';
import type { FlowView } from '@/lib/escalations/flow-view';

/** Each place that was narrowed: what it was, and what it is. */
export function NarrowedRows({ narrowed }: { narrowed: FlowView['narrowed'] }) {
  if (narrowed.length === 0) return null;
  return (
    <ul className="narrowed" aria-label="What was narrowed">
      {narrowed.map(({ pointer, from, to }) => (
        <li key={pointer}>
          <span className="mono dim">
            <MarkedText text={pointer} />
          </span>
          <del>
            <span className="vh">from </span>
            <MarkedText text={showValue(from)} />
          </del>
          <ins>
            <span className="vh">to </span>
            <MarkedText text={showValue(to)} />
          </ins>
        </li>
      ))}
    </ul>
  );
}

/** A value of the action as text; nothing is left out. */
export function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
