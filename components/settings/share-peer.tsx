'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

/** What this organisation gives to another console and takes from it. */
export function SharePeer({ peer, gives, takes }: { peer: string; gives: boolean; takes: boolean }) {
  const [open, setOpen] = useState(false);
  const { state, send } = useChange(() => setOpen(false));
  const id = `share-${peer.replaceAll(' ', '-')}`;
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void send('POST', '/api/v1/settings/peers/shares', {
      peer,
      gives: form.get('gives') === 'on',
      takes: form.get('takes') === 'on',
    });
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-label={`Sharing with ${peer}`}>
        Sharing
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`What is shared with ${peer}`}
        description="Each direction by itself, for this organisation only. Records hold tokens and digests, never what they stand for; every one that is shown is recorded."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={id} busy={state.kind === 'sending'}>
              Save
            </Button>
          </>
        }
      >
        <form id={id} className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          <div className="settings-checks">
            <label>
              <input type="checkbox" name="gives" defaultChecked={gives} /> It may fetch decisions of ours
              that its own continue
            </label>
            <label>
              <input type="checkbox" name="takes" defaultChecked={takes} /> Our decisions may continue
              decisions of its
            </label>
          </div>
        </form>
      </Dialog>
    </>
  );
}
