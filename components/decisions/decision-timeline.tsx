import { formatDuration } from '@/components/ui/format-time';
import { Id } from '@/components/ui/id';
import { Time } from '@/components/ui/time';
import type { TimelineEvent } from '@/lib/evidence/decision-timeline';
import { ValueParts } from './value-parts';

/** What happened, in the order in which the records say it did. */
export function DecisionTimeline({ events }: { events: readonly TimelineEvent[] }) {
  return (
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
          </span>
        </li>
      ))}
    </ol>
  );
}
