'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import { formatBase64 } from '@/lib/core/encoding';
import { MAX_TRUST_FILE_BYTES, parseTrustFile } from '@/lib/evidence/trust/parse-trust-file';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import { TRUST_SENTENCES } from '@/lib/evidence/trust/trust-error';
import type { TrustHints } from '@/lib/evidence/trust/trust-hints';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { PINNABLE_KINDS } from '@/lib/evidence/witness-view';
import { FoundRoots } from './found-roots';
import { ProblemLine } from './problem-line';
import { useChange } from './use-change';

const FORM = 'pin-roots';

/** A file read in this browser: what would be pinned, or why nothing would. */
type Chosen =
  | { kind: 'nothing' }
  | { kind: 'found'; file: string; content: string; hints: TrustHints; roots: readonly TrustRoot[] }
  | { kind: 'refused'; problem: string };

/** Pinning the roots of a file, after showing the fingerprints of what is in it. */
export function PinRoots() {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Chosen>({ kind: 'nothing' });
  const close = () => {
    setOpen(false);
    setChosen({ kind: 'nothing' });
  };
  const { state, send } = useChange(close);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (chosen.kind === 'found') {
      const { file, content, hints } = chosen;
      await send('POST', '/api/v1/trust/pin', { file, content, ...hints });
    } else setChosen(await readChosen(new FormData(event.currentTarget)));
  }

  return (
    <>
      <Button small icon="plus" onClick={() => setOpen(true)}>
        Pin a file
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title="Pin trust roots"
        description="Get the file from whoever owns the key, by a way you trust, and compare the fingerprint with them. A console can fetch neither for you."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" type="submit" form={FORM} busy={state.kind === 'sending'}>
              {chosen.kind === 'found' ? 'Pin' : 'Read the file'}
            </Button>
          </>
        }
      >
        <form id={FORM} className="settings-form" method="post" onSubmit={onSubmit}>
          <ProblemLine state={state} />
          {chosen.kind === 'found' ? (
            <FoundRoots roots={chosen.roots} />
          ) : (
            <>
              {chosen.kind === 'refused' && (
                <p className="err" role="alert">
                  {chosen.problem}
                </p>
              )}
              <Field
                label="File"
                hint="Certificates in PEM or DER, verifier keys, a key set, a trusted root, block headers, or a trust file."
              >
                {(control) => <input {...control} type="file" name="file" className="input" required />}
              </Field>
              <Field label="What it is" optional hint="For a key or certificate that does not say it itself.">
                {(control) => <Select {...control} name="as" options={KINDS} defaultValue="" />}
              </Field>
              <Field label="Name" optional hint="What people here call it; otherwise as the file says.">
                {(control) => <TextInput {...control} name="name" maxLength={200} />}
              </Field>
              <Field label="Origin" optional hint="Of a Rekor log: the first line of its checkpoints.">
                {(control) => <TextInput {...control} mono name="origin" maxLength={200} />}
              </Field>
            </>
          )}
        </form>
      </Dialog>
    </>
  );
}

const KINDS = [
  { value: '', label: 'As the file says' },
  ...PINNABLE_KINDS.map((kind) => ({ value: kind, label: ROOT_WORDS[kind].name })),
];

async function readChosen(entered: FormData): Promise<Chosen> {
  const file = entered.get('file');
  if (!(file instanceof File)) return { kind: 'nothing' };
  if (file.size > MAX_TRUST_FILE_BYTES) return { kind: 'refused', problem: TRUST_SENTENCES.trust_too_large };
  const text = (name: string) => String(entered.get(name) ?? '').trim();
  const as = PINNABLE_KINDS.find((kind) => kind === text('as'));
  const hints: TrustHints = {
    ...(as ? { as } : {}),
    ...(text('name') ? { name: text('name') } : {}),
    ...(text('origin') ? { origin: text('origin') } : {}),
  };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = file.name.slice(-200);
  const parsed = parseTrustFile(name, bytes, hints);
  return parsed.ok
    ? { kind: 'found', file: name, content: formatBase64(bytes), hints, roots: parsed.value }
    : { kind: 'refused', problem: TRUST_SENTENCES[parsed.code] };
}
