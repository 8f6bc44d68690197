'use client';

import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { TextArea } from '@/components/ui/text-area';
import { PolicySimulator } from './policy-simulator';

/** For whoever may not publish: try another text over past decisions. Nothing of it is kept. */
export function PolicySandbox({ text }: { text: string }) {
  const [draft, setDraft] = useState(text);
  return (
    <Panel title="Simulator" note="what another policy would have said of past decisions; nothing is kept">
      <div className="settings-form settings-policy">
        <Field label="Policy document (JSON)">
          {(control) => (
            <TextArea
              {...control}
              rows={14}
              spellCheck={false}
              value={draft}
              onChange={(event) => setDraft(event.target.value)}
            />
          )}
        </Field>
        <PolicySimulator text={draft} />
      </div>
    </Panel>
  );
}
