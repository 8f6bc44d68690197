'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextArea } from '@/components/ui/text-area';
import { PUBLIC_KEY_SENTENCES, parsePublicKeyText } from '@/lib/producers/parse-public-key-text';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

type Asking = 'nothing' | 'add-key' | 'disable';

/** Adding a key to a producer, or ending it for good. */
export function ProducerActions({ producer, name }: { producer: string; name: string }) {
  const [asking, setAsking] = useState<Asking>('nothing');
  const [keyProblem, setKeyProblem] = useState<string | undefined>();
  const close = () => setAsking('nothing');
  const { state, send } = useChange(close);
  const busy = state.kind === 'sending';

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const key = parsePublicKeyText(String(new FormData(event.currentTarget).get('key')));
    setKeyProblem(key.ok ? undefined : PUBLIC_KEY_SENTENCES[key.code]);
    if (key.ok) void send('POST', '/api/v1/settings/producers/keys', { producer, publicKey: key.value });
  }

  return (
    <div className="acts">
      <Button small onClick={() => setAsking('add-key')} aria-label={`Add a key to ${name}`}>
        Add a key
      </Button>
      <Button small onClick={() => setAsking('disable')} aria-label={`Disable ${name}`}>
        Disable
      </Button>
      <Dialog
        open={asking === 'add-key'}
        onClose={close}
        title={`Add a key to ${name}`}
        description="Both keys count until you retire the old one, so that nothing is refused while the producer changes over."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" type="submit" form={`add-key-${producer}`} busy={busy}>
              Add the key
            </Button>
          </>
        }
      >
        <form id={`add-key-${producer}`} className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          <Field label="Ed25519 public key" hint="PEM, JWK, hex or base64url." error={keyProblem}>
            {(control) => <TextArea {...control} name="key" rows={4} spellCheck={false} required />}
          </Field>
        </form>
      </Dialog>
      <Dialog
        open={asking === 'disable'}
        onClose={close}
        title={`Disable ${name}?`}
        description="All its keys are retired at once and nothing it sends is accepted any more. It cannot be enabled again; what it signed before stays verifiable."
        footer={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button
              variant="danger"
              busy={busy}
              onClick={() => void send('POST', '/api/v1/settings/producers/disable', { producer })}
            >
              Disable for good
            </Button>
          </>
        }
      >
        <ProblemLine state={state} />
      </Dialog>
    </div>
  );
}
