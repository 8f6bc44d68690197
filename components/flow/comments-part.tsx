'use client';

import { type FormEvent, useRef } from 'react';
import type { Review } from '@/components/reviews/use-review';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { MarkedText } from '@/components/ui/marked-text';
import { TextArea } from '@/components/ui/text-area';
import { Time } from '@/components/ui/time';
import { FlowProblem } from './flow-problem';
import { ANY_ANSWER, useFlowCall } from './use-flow-call';

/** Words among colleagues. What may carry a verdict is held back from whoever has still to give theirs. */
export function CommentsPart({ review }: { review: Review }) {
  const { flow, row } = review.shown;
  const call = useFlowCall(row.id);
  const form = useRef<HTMLFormElement>(null);
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const text = String(entered.get('comment') ?? '').trim();
    const carriesVerdict = entered.get('carries-verdict') === 'on';
    if ((await call.send('comments', { text, carriesVerdict }, ANY_ANSWER)) !== null) form.current?.reset();
  }
  const count = flow.comments.length;
  return (
    <details className="comments" open={count > 0}>
      <summary>
        Comments among colleagues{count > 0 && <span className="num"> ({count})</span>}
        {flow.heldComments > 0 && (
          <span className="dim"> · {flow.heldComments} shown after your own verdict</span>
        )}
      </summary>
      {count > 0 && (
        <ul aria-label="Comments">
          {flow.comments.map((comment) => (
            <li key={comment.id}>
              <p className="lab">
                <b>{comment.mine ? 'You' : comment.name}</b>, <Time at={comment.at} precision="clock" />
              </p>
              <p className="comment-text">
                <MarkedText text={comment.text} />
              </p>
            </li>
          ))}
        </ul>
      )}
      <form ref={form} method="post" onSubmit={(event) => void onSubmit(event)}>
        <Field label="Comment" hint="Recorded, and never told to the gateway.">
          {(control) => <TextArea {...control} name="comment" rows={2} maxLength={2000} required />}
        </Field>
        <div className="acts">
          <label className="lab">
            <input type="checkbox" name="carries-verdict" /> It says how I would decide
          </label>
          <Button small type="submit" busy={call.isBusy}>
            Comment
          </Button>
        </div>
        <FlowProblem problem={call.problem} />
      </form>
    </details>
  );
}
