import { formatDuration } from '@/components/ui/format-time';
import { Id } from '@/components/ui/id';
import { Time } from '@/components/ui/time';
import type { DecisionSpan } from '@/lib/evidence/decision-spans';
import type { TimelineEvent } from '@/lib/evidence/decision-timeline';
import { ValueParts } from './value-parts';

/** What happened, in the order in which the records say it did. */
export function DecisionTimeline({
  events,
  spans,
}: {
  events: readonly TimelineEvent[];
  spans: readonly DecisionSpan[];
}) {
  return (
    <>
      <SpanBars spans={spans} />
      <ol className="panel tline">
        {events.map((event) => (
          <li key={`${event.record.stream} ${event.record.position} ${event.title}`}>
            <span className="tl-t">
              <Time at={event.atMs} precision="milli" />
              <small className="dim num">
                {event.sinceMs === 0
                  ? ''
                  : `${event.sinceMs > 0 ? '+' : '−'}${formatDuration(Math.abs(event.sinceMs))}`}
              </small>
            </span>
            <span>
              <b className="med">{event.title}</b>{' '}
              <span className="t2">
                <ValueParts parts={event.parts} />
              </span>
            </span>
            <span className="dim tl-r">
              record {event.record.position.toLocaleString('en')} of{' '}
              <Id value={event.record.stream} keep={10} />
              {event.lateMs !== null && `, arrived ${formatDuration(event.lateMs)} later`}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

const KIND_WORDS: Record<DecisionSpan['kind'], string> = {
  waiting: 'waiting',
  reading: 'a person reading',
  machine: 'machines',
};

/** Where the time went, each stretch as long as it took; the part that a person was active stands filled. */
function SpanBars({ spans }: { spans: readonly DecisionSpan[] }) {
  const shown = spans.filter(({ fromMs, toMs }) => toMs > fromMs);
  if (shown.length === 0) return null;
  const from = Math.min(...shown.map(({ fromMs }) => fromMs));
  const length = Math.max(...shown.map(({ toMs }) => toMs)) - from;
  const percent = (ms: number) => `${(100 * ms) / length}%`;
  return (
    <ul className="panel spans" aria-label="Where the time went">
      {shown.map(({ label, kind, fromMs, toMs, activeMs }) => (
        <li key={`${label} ${fromMs} ${toMs}`}>
          <span>
            {label} <small className="dim">{KIND_WORDS[kind]}</small>
          </span>
          <span className="num">
            {formatDuration(toMs - fromMs)}
            {activeMs !== null && <small className="dim">, {formatDuration(activeMs)} active</small>}
          </span>
          <span className="span-track" aria-hidden="true">
            <span
              className={`span-bar ${kind}`}
              style={{ left: percent(fromMs - from), width: `max(2px, ${percent(toMs - fromMs)})` }}
            >
              {activeMs !== null && (
                <span style={{ width: `${Math.min(100, (100 * activeMs) / (toMs - fromMs))}%` }} />
              )}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
