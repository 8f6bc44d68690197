import { ReviewSkeleton } from '@/components/reviews/review-skeleton';
import '../queue.css';

/** Holds the layout of a review while its evidence is read. */
export default function ReviewLoading() {
  return <ReviewSkeleton />;
}
