'use client';

import { type FormEvent, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import {
  BREAK_GLASS_FINDINGS,
  BREAK_GLASS_REASONS,
  type BreakGlassView,
} from '@/lib/identity/break-glass-requests';
import { BREAK_GLASS_REASON_WORDS, FINDING_WORDS } from './break-glass-words';

const REASONS = BREAK_GLASS_REASONS.map((value) => ({ value, label: BREAK_GLASS_REASON_WORDS[value] }));
const FINDINGS = BREAK_GLASS_FINDINGS.map((value) => ({ value, label: FINDING_WORDS[value] }));

/** The first of two people asks, with a reason. */
export function AskBreakGlass({ minutes }: { minutes: number }) {
  return (
    <WordsDialog
      id="ask-break-glass"
      button="Ask for break-glass"
      title="Ask for break-glass"
      description={`Nothing is lifted until a second person confirms it. It then closes by itself after ${minutes} minutes, everybody sees it, and compliance reviews it afterwards.`}
      path="/api/v1/break-glass"
      choice={{ name: 'reasonCode', label: 'Reason', options: REASONS }}
      words={{ name: 'reasonText', label: 'In your words' }}
      submit="Ask"
    />
  );
}

/** What this person may do with one break-glass now. */
export function BreakGlassActs({ item }: { item: BreakGlassView }) {
  const { state, send } = useChange(() => {});
  const path = `/api/v1/break-glass/${encodeURIComponent(item.id)}`;
  const busy = state.kind === 'sending';
  return (
    <div className="acts">
      <ProblemLine state={state} />
      {item.may.confirm && (
        <Button small variant="primary" busy={busy} onClick={() => void send('POST', `${path}/confirm`)}>
          Confirm and open
        </Button>
      )}
      {item.may.close && (
        <Button small busy={busy} onClick={() => void send('POST', `${path}/close`)}>
          Close now
        </Button>
      )}
      {item.may.review && (
        <WordsDialog
          id={`review-${item.id}`}
          button="Review"
          title="Review afterwards"
          description="Say what you found: whether the reason held, and whether what was decided under it should have been."
          path={`${path}/review`}
          choice={{ name: 'finding', label: 'Finding', options: FINDINGS }}
          words={{ name: 'findingText', label: 'What you found' }}
          submit="Record the finding"
        />
      )}
    </div>
  );
}

/** A choice and words about it, sent as one change. */
function WordsDialog({
  id,
  button,
  title,
  description,
  path,
  choice,
  words,
  submit,
}: {
  id: string;
  button: string;
  title: string;
  description: string;
  path: string;
  choice: { name: string; label: string; options: { value: string; label: string }[] };
  words: { name: string; label: string };
  submit: string;
}) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void send('POST', path, {
      [choice.name]: form.get(choice.name),
      [words.name]: String(form.get(words.name) ?? ''),
    });
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {button}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={title}
        description={description}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={id} busy={state.kind === 'sending'}>
              {submit}
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <form id={id} className="settings-form" method="post" onSubmit={onSubmit}>
          <Field label={choice.label}>
            {(control) => (
              <Select
                {...control}
                name={choice.name}
                options={choice.options}
                placeholder="Choose one"
                defaultValue=""
                required
              />
            )}
          </Field>
          <Field label={words.label} hint="No names or account numbers. Records hold only its digest.">
            {(control) => <TextArea {...control} name={words.name} rows={3} maxLength={2000} required />}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
