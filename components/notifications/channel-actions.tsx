'use client';

import { useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { ChannelView } from '@/lib/notifications/channel-requests';
import { ChannelEntryForm } from './channel-entry';

/** Changing a channel, trying it, or keeping it silent. */
export function ChannelActions({ channel }: { channel: ChannelView }) {
  const [editing, setEditing] = useState(false);
  const [tested, setTested] = useState(false);
  const { state, send } = useChange(() => setEditing(false));
  const trial = useChange(() => setTested(true));
  const { name, enabled } = channel;
  const busy = state.kind === 'sending';
  const change = (body: object) => void send('PUT', '/api/v1/settings/notifications', { name, ...body });
  return (
    <div className="acts">
      {enabled && (
        <Button
          small
          busy={trial.state.kind === 'sending'}
          onClick={() => void trial.send('POST', '/api/v1/settings/notifications/test', { name })}
          aria-label={`Test ${name}`}
        >
          Test
        </Button>
      )}
      <Button small onClick={() => setEditing(true)} aria-label={`Edit ${name}`}>
        Edit
      </Button>
      <Button
        small
        busy={busy}
        onClick={() => change({ enabled: !enabled })}
        aria-label={`${enabled ? 'Disable' : 'Enable'} ${name}`}
      >
        {enabled ? 'Disable' : 'Enable'}
      </Button>
      {!editing && <ProblemLine state={state} />}
      <ProblemLine state={trial.state} />
      <p className="dim" role="status">
        {tested ? 'A test is on its way; what became of it shows here.' : ''}
      </p>
      <Dialog
        open={editing}
        onClose={() => setEditing(false)}
        title={`Change ${name}`}
        description="What waits is tried again at once. A secret that you leave empty stays as it is."
        footer={
          <>
            <Button onClick={() => setEditing(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={`edit-channel-${name}`} busy={busy}>
              Save
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
        <ChannelEntryForm
          id={`edit-channel-${name}`}
          type={channel.type}
          channel={channel}
          gateways={[]}
          onEntry={({ settings, kinds, allowPrivate }) => change({ settings, kinds, allowPrivate })}
        />
      </Dialog>
    </div>
  );
}
