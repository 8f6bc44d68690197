import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { StateBox } from '@/components/ui/state-box';
import { routes } from '@/lib/client/routes';
import { readingProblem } from './review-problems';

/** The escalation cannot be read, and what that means. */
export function ReviewFailing({
  code,
  retry,
  whole = false,
}: {
  code: string | null;
  retry: () => void;
  /** It fills a page of its own. */
  whole?: boolean;
}) {
  const problem = readingProblem(code, 'This escalation');
  return (
    <div className="page">
      <StateBox
        kind="failing"
        whole={whole}
        title={problem.title}
        action={
          <span className="btns">
            <Button small icon="refresh" onClick={retry}>
              Try again
            </Button>
            <Link className="btn sm" href={routes.queue()}>
              Back to the queue
            </Link>
          </span>
        }
      >
        {problem.meaning}
      </StateBox>
    </div>
  );
}
