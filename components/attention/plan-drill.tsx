'use client';

import { useState } from 'react';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { DRILL_RECIPES } from '@/lib/attention/drill-recipes';

const RECIPE_WORDS: Record<(typeof DRILL_RECIPES)[number], string> = {
  'as-it-was': 'Nothing wrong with it',
  'amount-slip': 'One zero too many',
  'payee-swapped': 'Another payee than the document says',
  'lookalike-name': 'A name that only looks right',
  'planted-instruction': 'An order hidden in a document',
  'guardrail-ignored': 'A guardrail that failed',
};

/** A compliance officer has a drill made of a past case; which one, and when it appears, is left to chance. */
export function PlanDrill() {
  const [recipe, setRecipe] = useState<(typeof DRILL_RECIPES)[number]>('planted-instruction');
  const [minutes, setMinutes] = useState('60');
  const [isPlanned, setPlanned] = useState(false);
  const { state, send } = useChange(() => setPlanned(true));
  return (
    <Panel
      title="Plan a drill"
      note="made of a past case that was right to approve, with every token drawn anew"
    >
      <form
        className="att-plan"
        onSubmit={(event) => {
          event.preventDefault();
          setPlanned(false);
          void send('POST', '/api/v1/drills', {
            known: recipe === 'as-it-was' ? 'good' : 'bad',
            recipe,
            withinMinutes: Number(minutes),
          });
        }}
      >
        <Field label="What is in it">
          {(control) => (
            <Select
              {...control}
              value={recipe}
              onChange={(event) =>
                setRecipe(DRILL_RECIPES.find((each) => each === event.target.value) ?? recipe)
              }
              options={DRILL_RECIPES.map((each) => ({ value: each, label: RECIPE_WORDS[each] }))}
            />
          )}
        </Field>
        <Field label="It appears within">
          {(control) => (
            <Select
              {...control}
              value={minutes}
              onChange={(event) => setMinutes(event.target.value)}
              options={[
                { value: '1', label: 'a minute' },
                { value: '60', label: 'an hour' },
                { value: '480', label: 'a working day' },
              ]}
            />
          )}
        </Field>
        <Button type="submit" busy={state.kind === 'sending'}>
          Plan it
        </Button>
        <p className="lab" aria-live="polite">
          {state.kind === 'failed'
            ? state.problem
            : isPlanned
              ? 'Planned and sealed in the log. Reviewers cannot tell it from any other.'
              : 'It is signed by a key of its own and can approve nothing.'}
        </p>
      </form>
    </Panel>
  );
}
