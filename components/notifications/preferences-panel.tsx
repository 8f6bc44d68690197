'use client';

import { type FormEvent, useId, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { TextInput } from '@/components/ui/text-input';
import type { NotificationPreferences } from '@/lib/notifications/channel-requests';
import { KindChecks, readKinds } from './kind-checks';

/** What one wants to be written of by mail, and when not. */
export function PreferencesPanel({ preferences }: { preferences: NotificationPreferences }) {
  const [saved, setSaved] = useState(false);
  const { state, send } = useChange(() => setSaved(true));
  const id = useId();
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [from, to] = [readMinute(entered.get('quiet-from')), readMinute(entered.get('quiet-to'))];
    setSaved(false);
    void send('PUT', '/api/v1/notifications/preferences', {
      kinds: readKinds(entered),
      quiet: from === null || to === null ? null : { from, to },
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
  }
  const { kinds, quiet, timeZone } = preferences;
  return (
    <Panel title="What you are written of" note="by e-mail, in this organisation">
      <form id={id} className="settings-form" method="post" onSubmit={onSubmit}>
        <KindChecks legend="Write to me of" chosen={kinds} />
        <div className="settings-pair even">
          <Field label="Quiet from" optional>
            {(control) => (
              <TextInput
                {...control}
                type="time"
                name="quiet-from"
                defaultValue={formatMinute(quiet?.from)}
              />
            )}
          </Field>
          <Field label="Quiet until" optional>
            {(control) => (
              <TextInput {...control} type="time" name="quiet-to" defaultValue={formatMinute(quiet?.to)} />
            )}
          </Field>
        </div>
        <p className="dim">
          {quiet ? `In the time of ${timeZone}. ` : ''}Mail waits until quiet hours end; what has ended by
          then is not sent. Only break-glass is told at once.
        </p>
        <div className="acts">
          <Button variant="primary" type="submit" busy={state.kind === 'sending'}>
            Save
          </Button>
          <span role="status" className="dim">
            {saved ? 'Saved.' : ''}
          </span>
        </div>
        <ProblemLine state={state} />
      </form>
    </Panel>
  );
}

function readMinute(value: FormDataEntryValue | null): number | null {
  const match = /^(\d\d):(\d\d)$/.exec(String(value ?? ''));
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function formatMinute(minute: number | undefined): string {
  if (minute === undefined) return '';
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
