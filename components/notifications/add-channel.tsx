'use client';

import { useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { CHANNEL_TYPES, type ChannelType } from '@/lib/notifications/channel-requests';
import { ChannelEntryForm } from './channel-entry';
import { CHANNEL_FORMS } from './channel-fields';

const FORM = 'add-channel';

/** Registering a channel: its kind, and what that kind needs. */
export function AddChannel({ gateways }: { gateways: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const [type, setType] = useState<ChannelType>('email');
  const { state, send } = useChange(() => setOpen(false));
  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Add a channel
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Add a channel"
        description="A notice says which kind, tier and agent, how much time is left, and where to look. Names, amounts and parameters never leave the console this way."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={FORM} busy={state.kind === 'sending'}>
              Add
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <div className="settings-form settings-before">
          <Field label="Kind">
            {(control) => (
              <Select
                {...control}
                value={type}
                onChange={(event) => setType(event.target.value as ChannelType)}
                options={CHANNEL_TYPES.map((one) => ({ value: one, label: CHANNEL_FORMS[one].label }))}
              />
            )}
          </Field>
        </div>
        <ChannelEntryForm
          key={type}
          id={FORM}
          type={type}
          channel={null}
          gateways={gateways}
          onEntry={(entry) => void send('POST', '/api/v1/settings/notifications', { ...entry, type })}
        />
      </Dialog>
    </>
  );
}
