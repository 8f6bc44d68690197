import type { ReactNode } from 'react';
import { formatAmount } from '@/components/ui/format-amount';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import type { Sentence } from '@/lib/escalations/escalation-view';

/** A name of at most so many characters stays on one line. */
const SHORT_NAME = 28;

/**
 * The page's one sentence: who and joints quiet, what would happen strong. Names come from the action and may be
 * hostile: what hides in them is shown by its number. `title` is the weight of a page heading, else of a row.
 */
export function SentenceLine({ sentence, title = false }: { sentence: Sentence; title?: boolean }) {
  const { agent, verb, amount, preposition, object, principal } = sentence;
  const quiet = title ? 'l' : undefined;
  return (
    <>
      <span className={quiet}>
        <MarkedText text={agent} /> wants to
      </span>{' '}
      <Strong title={title}>
        <MarkedText text={verb} />
        {amount !== undefined && <> {formatAmount(amount.amount, amount.currency)}</>}
      </Strong>
      {preposition !== undefined && <span className={quiet}> {preposition}</span>}
      {object !== undefined && (
        <>
          {' '}
          <Strong title={title} isWhole={object.length <= SHORT_NAME}>
            <MarkedText text={object} />
          </Strong>
        </>
      )}
      {principal !== undefined && (
        <>
          {' '}
          <span className="nw">
            <span className={quiet}>for {principal.type}</span> <Id value={principal.token} />
          </span>
        </>
      )}
    </>
  );
}

function Strong({
  title,
  isWhole = false,
  children,
}: {
  title: boolean;
  isWhole?: boolean;
  children: ReactNode;
}) {
  const line = isWhole ? ' nw' : '';
  return title ? <span className={`q${line}`}>{children}</span> : <b className={line}>{children}</b>;
}

/** The sentence as plain text, for titles, labels and announcements. */
export function formatSentence({ agent, verb, amount, preposition, object, principal }: Sentence): string {
  const parts = [agent, 'wants to', verb];
  if (amount !== undefined) parts.push(formatAmount(amount.amount, amount.currency));
  if (preposition !== undefined) parts.push(preposition);
  if (object !== undefined) parts.push(object);
  if (principal !== undefined) parts.push(`for ${principal.type} ${principal.token}`);
  return parts.join(' ');
}

/** Only what would happen: "pay ₹16,200.00 to Orbit Audio". */
export function formatDeed({ verb, amount, preposition, object }: Sentence): string {
  const parts = [verb];
  if (amount !== undefined) parts.push(formatAmount(amount.amount, amount.currency));
  if (object !== undefined) parts.push(...(preposition === undefined ? [object] : [preposition, object]));
  return parts.join(' ');
}
