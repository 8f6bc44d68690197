import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import type { ChangeComparison } from '@/lib/analytics/change-comparison';
import { type DiffLine, diffLines } from '@/lib/analytics/diff-lines';

/** Unchanged lines that stay beside a changed one. */
const CONTEXT = 3;
const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', removed: '−', added: '+' };
const WORDS: Record<DiffLine['kind'], string> = { same: '', removed: 'removed: ', added: 'added: ' };

/** What the content of the two versions differs in, where the console holds both. */
export function TextChange({ texts }: { texts: ChangeComparison['texts'] }) {
  const { from, to } = texts;
  if (!from && !to) return null;
  const lines =
    from?.content != null && to?.content != null ? diffLines(from.content, to.content) : undefined;
  return (
    <Panel
      title="Content"
      note={
        <>
          {from && <Id value={from.digest} keep={8} label="digest before" />} to{' '}
          {to && <Id value={to.digest} keep={8} label="digest after" />}
        </>
      }
    >
      {lines === undefined ? (
        <p className="t2">
          The console does not hold both texts, or you may not read them; their digests tell them apart.
        </p>
      ) : lines === null ? (
        <p className="t2">The texts differ in too many lines to set side by side here.</p>
      ) : (
        <Lines lines={lines} />
      )}
    </Panel>
  );
}

function Lines({ lines }: { lines: readonly DiffLine[] }) {
  const shown = lines.map((line, at) => ({
    ...line,
    at,
    near: lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
  }));
  if (!shown.some(({ near }) => near)) return <p className="t2">The texts are the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="cdiff" aria-label="Differences line by line" tabIndex={0}>
      {shown.map(({ kind, text, at, near }) =>
        near ? (
          <div key={at} className={kind}>
            <span aria-hidden="true">{SIGNS[kind]}</span>
            <span className="vh">{WORDS[kind]}</span>
            <MarkedText text={text} />
          </div>
        ) : shown[at - 1]?.near ? (
          <div key={at} className="skip">
            …
          </div>
        ) : null,
      )}
    </section>
  );
}
