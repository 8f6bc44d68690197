import { Skeleton } from '@/components/ui/skeleton';

/** Holds the layout of the review page while it loads. */
export function ReviewSkeleton() {
  return (
    <div className="review">
      <div className="head">
        <Skeleton lines={2} label="Loading the escalation" />
      </div>
      <div className="steps">
        <div className="grid2">
          <div className="card skeleton-tree">
            <Skeleton lines={16} label="Loading the exact parameters" />
          </div>
          <Skeleton lines={6} label="Loading what is unusual" />
        </div>
        <div className="card">
          <Skeleton lines={5} label="Loading why you are asked" />
        </div>
      </div>
      <div className="side" aria-hidden="true">
        <div className="panel">
          <Skeleton lines={3} />
        </div>
        <div className="panel">
          <Skeleton lines={6} />
        </div>
      </div>
    </div>
  );
}
