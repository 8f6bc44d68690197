import { Skeleton } from '@/components/ui/skeleton';
import './queue.css';

/** Holds the list and the pane while the queue is read. */
export default function QueueLoading() {
  return (
    <div className="queue">
      <section className="list" aria-label="Waiting escalations">
        <div className="list-head">
          <div className="row1">
            <h1>Queue</h1>
          </div>
          <Skeleton lines={1} label="Loading the filters" />
        </div>
        <div className="rows rows-loading">
          {[0, 1, 2, 3, 4, 5].map((row) => (
            <div className="qrow" key={row}>
              <Skeleton lines={3} label="Loading the queue" />
            </div>
          ))}
        </div>
      </section>
      <section className="pane" aria-label="Review" />
    </div>
  );
}
