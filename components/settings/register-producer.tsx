'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { TextInput } from '@/components/ui/text-input';
import { PUBLIC_KEY_SENTENCES, parsePublicKeyText } from '@/lib/producers/parse-public-key-text';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

const KINDS = [
  { value: 'gateway', label: 'Gateway: asks, escalates and redeems' },
  { value: 'agent', label: 'Agent: asks for itself and records' },
  { value: 'pipeline', label: 'Pipeline: only records' },
];
const FORM = 'register-producer';

/** Registering a workload by its SPIFFE ID and public key. */
export function RegisterProducer() {
  const [open, setOpen] = useState(false);
  const [keyProblem, setKeyProblem] = useState<string | undefined>();
  const { state, send } = useChange(() => setOpen(false));

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const key = parsePublicKeyText(String(form.get('key')));
    setKeyProblem(key.ok ? undefined : PUBLIC_KEY_SENTENCES[key.code]);
    if (!key.ok) return;
    void send('POST', '/api/v1/settings/producers', {
      id: String(form.get('id')).trim(),
      name: String(form.get('name')),
      kind: String(form.get('kind')),
      publicKey: key.value,
    });
  }

  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Register a producer
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Register a producer"
        description="Only what this key signs is accepted as this producer's word. The private key never leaves the producer."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" type="submit" form={FORM} busy={state.kind === 'sending'}>
              Register
            </Button>
          </>
        }
      >
        <form id={FORM} className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          <Field label="Name" hint="What people call it.">
            {(control) => <TextInput {...control} name="name" maxLength={128} required />}
          </Field>
          <Field label="SPIFFE ID" hint="It also names the producer's stream of records, for ever.">
            {(control) => (
              <TextInput
                {...control}
                mono
                name="id"
                placeholder="spiffe://example.org/gateway/payments"
                pattern="spiffe://[a-z0-9._\-]+(/[A-Za-z0-9._\-]+)+"
                maxLength={512}
                spellCheck={false}
                required
              />
            )}
          </Field>
          <Field label="What it does">
            {(control) => <Select {...control} name="kind" options={KINDS} defaultValue="gateway" />}
          </Field>
          <Field label="Ed25519 public key" hint="PEM, JWK, hex or base64url." error={keyProblem}>
            {(control) => <TextArea {...control} name="key" rows={4} spellCheck={false} required />}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
