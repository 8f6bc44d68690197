'use client';

import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { TextArea } from '@/components/ui/text-area';
import type { PolicyDifference } from './compare-policy-texts';
import { PolicySimulator } from './policy-simulator';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

type Stage =
  | { kind: 'writing'; fault: string | undefined }
  | { kind: 'comparing' }
  | { kind: 'compared'; difference: PolicyDifference };

const NO_FAULT: Stage = { kind: 'writing', fault: undefined };

function Difference({ difference }: { difference: PolicyDifference }) {
  if (difference.changes.length === 0) return <p>No rule changes; only wording does.</p>;
  return (
    <ul className="settings-form" aria-label="What this version changes">
      {difference.changes.map(({ change, words }) => (
        <li key={words}>
          {change === 'lowered' || change === 'raised' ? (
            <Badge tone="escalate">{change}</Badge>
          ) : (
            <Badge tone="plain">{change}</Badge>
          )}{' '}
          {words}
        </li>
      ))}
    </ul>
  );
}

/**
 * Writing the next version of the policy. What it changes is shown rule by rule before it can be put in force; typing
 * again takes that back.
 */
export function PolicyEditor({ text, version }: { text: string | null; version: number }) {
  const [draft, setDraft] = useState(text ?? '');
  const [stage, setStage] = useState<Stage>(NO_FAULT);
  const { state, send } = useChange(() => setStage(NO_FAULT));

  async function compare() {
    setStage({ kind: 'comparing' });
    // The rules' code is loaded only when somebody edits a policy.
    const { comparePolicyTexts } = await import('./compare-policy-texts');
    const result = comparePolicyTexts(text, draft);
    setStage(
      result.ok
        ? { kind: 'compared', difference: result.value }
        : { kind: 'writing', fault: result.detail ?? 'This is not a policy.' },
    );
  }

  return (
    <Panel
      title={version === 0 ? 'First version' : 'Next version'}
      note="the text is stored and signed exactly as it stands here"
    >
      <div className="settings-form settings-policy">
        <ProblemLine state={state} />
        <Field label="Policy document (JSON)" error={stage.kind === 'writing' ? stage.fault : undefined}>
          {(control) => (
            <TextArea
              {...control}
              rows={28}
              spellCheck={false}
              value={draft}
              onChange={(event) => {
                setDraft(event.target.value);
                setStage(NO_FAULT);
              }}
            />
          )}
        </Field>
        {stage.kind === 'compared' && <Difference difference={stage.difference} />}
        <PolicySimulator text={draft} />
        <div className="acts">
          <Button
            locked={draft === (text ?? '')}
            busy={stage.kind === 'comparing'}
            onClick={() => void compare()}
          >
            Show what changes
          </Button>
          <Button
            variant="primary"
            locked={stage.kind !== 'compared'}
            busy={state.kind === 'sending'}
            onClick={() => void send('POST', '/api/v1/policies', { text: draft, baseVersion: version })}
          >
            Put version {version + 1} in force
          </Button>
        </div>
      </div>
    </Panel>
  );
}
