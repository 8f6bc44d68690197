import { readingProblem } from '@/components/reviews/review-problems';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { NO_FILTER, type QueueFilter } from './queue-filter';
import type { Queue } from './use-queue';

/** What stands in the list when there are no rows: loading, failing, or nothing waits. */
export function QueueStates({
  queue,
  filter,
  onFilter,
}: {
  queue: Queue;
  filter: QueueFilter;
  onFilter: (filter: QueueFilter) => void;
}) {
  if (queue.status === 'loading') {
    return (
      <div className="rows rows-loading">
        {[0, 1, 2, 3, 4, 5].map((row) => (
          <div className="qrow" key={row}>
            <Skeleton lines={3} label="Loading the queue" />
          </div>
        ))}
      </div>
    );
  }
  if (queue.status === 'failing') {
    const problem = readingProblem(queue.code, 'The queue');
    return (
      <div className="rows rows-state">
        <StateBox
          kind="failing"
          title={problem.title}
          action={
            <Button small icon="refresh" onClick={queue.retry}>
              Try again
            </Button>
          }
        >
          {problem.meaning}
        </StateBox>
      </div>
    );
  }
  const isFiltered =
    filter !== NO_FILTER && (filter.view !== 'all' || filter.tier || filter.control || filter.agent);
  const waiting = queue.counts?.all ?? 0;
  return (
    <div className="rows rows-state">
      {isFiltered && waiting > 0 ? (
        <StateBox
          kind="empty"
          title="Nothing waits under this filter"
          action={
            <Button small onClick={() => onFilter(NO_FILTER)}>
              Show all {waiting.toLocaleString('en')}
            </Button>
          }
        >
          New ones that match appear here by themselves.
        </StateBox>
      ) : (
        <StateBox kind="empty" title="Nothing waits for a person">
          New escalations appear here by themselves, what ends first on top.
        </StateBox>
      )}
    </div>
  );
}
