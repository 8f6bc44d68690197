'use client';

import type { FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import { TextArea } from '@/components/ui/text-area';
import { Time } from '@/components/ui/time';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { InformationView } from '@/lib/escalations/flow-view';
import { FlowProblem } from './flow-problem';
import { ANY_ANSWER, useFlowCall } from './use-flow-call';

/** What reviewers asked, and what the gateway or the agent's owner answered: evidence, labelled as theirs. */
export function InformationRows({ shown }: { shown: EscalationDetail }) {
  const { information, mayAnswer } = shown.flow;
  if (information.length === 0) return null;
  return (
    <ul className="information" aria-label="Questions and answers">
      {information.map((each) => (
        <li key={each.id} className="said">
          <header>
            <Icon name="agent" small />
            <span>
              {each.mine ? 'You asked' : 'A reviewer asked'}: <MarkedText text={each.question} />
            </span>
            <small>
              · <Time at={each.askedAt} precision="clock" />
            </small>
          </header>
          {each.answer !== null ? (
            <blockquote>
              <p className="lab">
                {each.answeredBy === 'owner' ? 'The agent’s owner' : 'The gateway'} answered, not checked by
                anyone
                {each.answeredAt !== null && (
                  <>
                    , <Time at={each.answeredAt} precision="clock" />
                  </>
                )}
              </p>
              <MarkedText text={each.answer} />
            </blockquote>
          ) : mayAnswer ? (
            <AnswerForm escalationId={shown.row.id} asked={each} />
          ) : (
            <p className="dim">Not answered yet. The clock runs on.</p>
          )}
        </li>
      ))}
    </ul>
  );
}

function AnswerForm({ escalationId, asked }: { escalationId: string; asked: InformationView }) {
  const call = useFlowCall(escalationId);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const answer = String(new FormData(event.currentTarget).get('answer') ?? '').trim();
    void call.send('information/answer', { information_id: asked.id, answer }, ANY_ANSWER);
  }
  return (
    <form method="post" onSubmit={onSubmit}>
      <Field label="Your answer" hint="You answer for this agent, so you decide nothing it asks for.">
        {(control) => <TextArea {...control} name="answer" maxLength={8000} required />}
      </Field>
      <Button small type="submit" busy={call.isBusy}>
        Answer
      </Button>
      <FlowProblem problem={call.problem} />
    </form>
  );
}
