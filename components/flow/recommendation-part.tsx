'use client';

import type { Review } from '@/components/reviews/use-review';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import type { Impression } from '@/lib/escalations/flow-view';
import { FlowProblem } from './flow-problem';
import { ANY_ANSWER, useFlowCall } from './use-flow-call';

const CHOICES: readonly { impression: Impression; words: string }[] = [
  { impression: 'approve', words: 'I would approve' },
  { impression: 'deny', words: 'I would deny' },
  { impression: 'unsure', words: 'I am not sure' },
];
const MACHINE_WORDS: Record<Impression, string> = { approve: 'approve', deny: 'deny', unsure: 'unsure' };

/** A machine's recommendation: hidden until the reviewer's own first impression is recorded, then labelled the machine's. */
export function RecommendationPart({ review, onRecorded }: { review: Review; onRecorded: () => void }) {
  const { shown } = review;
  const { recommendation } = shown.flow;
  const call = useFlowCall(shown.row.id);
  if (recommendation.state === 'none') return null;
  if (recommendation.state === 'hidden') {
    return (
      <div className="card">
        <b>A machine’s recommendation is attached</b>
        <p className="t2">
          It is shown once your own first impression is recorded. Both stay in the record, and whether it
          changed your mind. This is no verdict.
        </p>
        <fieldset className="acts" aria-label="Your first impression">
          {CHOICES.map(({ impression, words }) => (
            <Button
              key={impression}
              small
              locked={shown.session === null}
              busy={call.isBusy}
              onClick={() => {
                onRecorded();
                void call.send('impression', { impression }, ANY_ANSWER);
              }}
            >
              {words}
            </Button>
          ))}
        </fieldset>
        <FlowProblem problem={call.problem} />
      </div>
    );
  }
  const { words, impression } = recommendation;
  return (
    <div className="said">
      <header>
        <Icon name="agent" small />
        <span>
          {words === null ? (
            'A machine’s recommendation, erased since'
          ) : (
            <>
              <MarkedText text={`${words.model.provider} ${words.model.name} ${words.model.version}`} />{' '}
              recommends: <b>{MACHINE_WORDS[words.verdict]}</b>
              {words.score !== undefined && <span className="num"> (score {words.score})</span>}
            </>
          )}
        </span>
        <small>· a machine’s words, not checked by anyone · your first impression: {impression}</small>
      </header>
      {words !== null && (
        <blockquote>
          <MarkedText text={words.rationale} />
        </blockquote>
      )}
    </div>
  );
}
