'use client';

import Link from 'next/link';
import { useEffect, useRef } from 'react';
import type { Review } from '@/components/reviews/use-review';
import { routes } from '@/lib/client/routes';
import { AskDialog } from './ask-dialog';
import { CommentsPart } from './comments-part';
import { DeferDialog } from './defer-dialog';
import './flow.css';
import { HandUpDialog } from './hand-up-dialog';
import { NarrowDialog } from './narrow-dialog';
import { NarrowedRows } from './narrowed-rows';
import { RecommendationPart } from './recommendation-part';

/** What stands beside the decision: where it came from, a machine's word after one's own, questions, and colleagues. */
export function BesideDecision({ review }: { review: Review }) {
  const { shown } = review;
  const { flow, row, may } = shown;
  const isOpen = row.state === 'pending' && may.decide && shown.ownVerdict === null;
  const reloadOnce = useReloadOnce(review);
  return (
    <div className="beside">
      {flow.supersedes !== null && (
        <div className="card">
          <p>
            Narrowed by a reviewer from{' '}
            <Link href={routes.escalation(flow.supersedes)}>an earlier request</Link>, which ended superseded.
            Nothing was approved by that.
          </p>
          <NarrowedRows narrowed={flow.narrowed} />
        </div>
      )}
      {flow.supersededBy !== null && (
        <p className="card">
          A reviewer narrowed this into{' '}
          <Link href={routes.escalation(flow.supersededBy)}>a new request with its own digest</Link>.
        </p>
      )}
      {isOpen && <RecommendationPart review={review} onRecorded={reloadOnce} />}
      {isOpen && (
        <fieldset className="acts beside-acts" aria-label="Before you decide">
          <AskDialog escalationId={row.id} />
          {flow.narrow.may && <NarrowDialog review={review} />}
          {row.raised?.to !== 'compliance' && <HandUpDialog escalationId={row.id} />}
          <DeferDialog row={row} skewMs={review.skewMs} />
        </fieldset>
      )}
      <CommentsPart review={review} />
    </div>
  );
}

/** What one's own step changed is drawn without asking; what others changed is not. */
function useReloadOnce(review: Review): () => void {
  const wanted = useRef(false);
  useEffect(() => {
    if (!wanted.current || !review.isStale) return;
    wanted.current = false;
    review.reload();
  });
  return () => {
    wanted.current = true;
  };
}
