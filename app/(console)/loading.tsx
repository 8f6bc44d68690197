import { Skeleton } from '@/components/ui/skeleton';

/** Holds the place of a page while its data is read. */
export default function Loading() {
  return (
    <div className="page">
      <Skeleton lines={5} />
    </div>
  );
}
