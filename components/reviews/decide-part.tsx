import { LimitLine } from '@/components/authority/limit-line';
import { BesideDecision } from '@/components/flow/beside-decision';
import { DecideForm } from './decide-form';
import { accessProblem } from './review-problems';
import { ReviewResult } from './review-result';
import type { Decision } from './use-decision';
import type { Review } from './use-review';

/** The last section: the form while a verdict is possible, otherwise how it stands or ended. */
export function DecidePart(props: { review: Review; decision: Decision; viewerName: string }) {
  return (
    <>
      <BesideDecision review={props.review} />
      <DecideState {...props} />
    </>
  );
}

function DecideState({
  review,
  decision,
  viewerName,
}: {
  review: Review;
  decision: Decision;
  viewerName: string;
}) {
  const { row, ownVerdict, may } = review.shown;
  if (row.state !== 'pending' || ownVerdict !== null) return <ReviewResult review={review} />;
  // A verdict in flight keeps its form: what was signed and what was answered must stay in sight.
  if (!may.decide && decision.state.at === 'idle') {
    const problem = accessProblem(may.code ?? 'role_required');
    return (
      <div className="state">
        <b>{problem.title}</b>
        <div>{problem.meaning}</div>
        <LimitLine shown={review.shown} />
      </div>
    );
  }
  return <DecideForm review={review} decision={decision} viewerName={viewerName} />;
}
