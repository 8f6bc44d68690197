'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { LiveRegion } from '@/components/ui/live-region';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { TextInput } from '@/components/ui/text-input';
import type { TamperAttempt, TamperSubject } from '@/lib/client/verification/tamper-protocol';
import { useTamperDrill } from '@/lib/client/verification/use-tamper-drill';
import type { TamperTarget } from '@/lib/evidence/tamper/tamper-case';
import { CheckRow } from './check-row';
import './tamper-drill.css';

const figure = (n: number) => n.toLocaleString('en');
const hex = (byte: number) => `0x${byte.toString(16).padStart(2, '0')}`;

/** Any bit of a field's bytes from 1 on. */
const randomBit = () => Math.floor(Math.random() * 8);

/** A copy of the evidence, one bit of which a person changes to see which check notices. */
export function TamperDrill({ subject }: { subject: TamperSubject }) {
  const { state, attempt } = useTamperDrill(subject);
  if (state.phase === 'failed') {
    return (
      <StateBox kind="failing" title="The evidence could not be copied">
        {state.message}. Nothing was changed.
      </StateBox>
    );
  }
  if (state.targets.length === 0) return <Skeleton lines={4} label="Copying the evidence into this page" />;
  return (
    <Drill
      targets={state.targets}
      valid={state.valid}
      attempt={state.attempt}
      busy={state.phase === 'trying'}
      onTry={attempt}
    />
  );
}

function Drill({
  targets,
  valid,
  attempt,
  busy,
  onTry,
}: {
  targets: readonly TamperTarget[];
  valid: number;
  attempt: TamperAttempt | null;
  busy: boolean;
  onTry: (target: string, bit: number) => void;
}) {
  const artefacts = [...new Set(targets.map(({ artefact }) => artefact))];
  const [artefact, setArtefact] = useState(artefacts[0] ?? '');
  const fields = targets.filter((target) => target.artefact === artefact);
  const [chosen, setChosen] = useState(fields[0]?.id ?? '');
  const target = fields.find(({ id }) => id === chosen) ?? fields[0];
  const [byteText, setByteText] = useState('1');
  if (!target) return null;
  const byte = Math.min(target.length, Math.max(1, Math.floor(Number(byteText)) || 1));
  return (
    <Panel title="Try tampering" end={<span className="lab">on a copy in this page; nothing is sent</span>}>
      <form
        className="tdrill"
        onSubmit={(event) => {
          event.preventDefault();
          onTry(target.id, (byte - 1) * 8 + randomBit());
        }}
      >
        <Field label="What is stored">
          {(control) => (
            <Select
              {...control}
              value={artefact}
              options={artefacts.map((name) => ({ value: name, label: name }))}
              onChange={(event) => {
                setArtefact(event.target.value);
                setChosen('');
                setByteText('1');
              }}
            />
          )}
        </Field>
        <Field label="Which part of it">
          {(control) => (
            <Select
              {...control}
              value={target.id}
              options={fields.map(({ id, field }) => ({ value: id, label: field }))}
              onChange={(event) => {
                setChosen(event.target.value);
                setByteText('1');
              }}
            />
          )}
        </Field>
        <Field label={`Byte, 1 to ${figure(target.length)}`}>
          {(control) => (
            <TextInput
              {...control}
              inputMode="numeric"
              value={byteText}
              onChange={(event) => setByteText(event.target.value)}
              onBlur={() => setByteText(String(byte))}
            />
          )}
        </Field>
        <div className="tbuttons">
          <Button type="submit" variant="primary" busy={busy}>
            Change one bit
          </Button>
          <Button
            onClick={() => {
              const any = Math.floor(Math.random() * target.length);
              setByteText(String(any + 1));
              onTry(target.id, any * 8 + randomBit());
            }}
          >
            Any bit of it
          </Button>
        </div>
      </form>
      <LiveRegion>{attempt ? outcomeWords(attempt) : ''}</LiveRegion>
      {attempt ? (
        <Outcome attempt={attempt} valid={valid} />
      ) : (
        <p className="t2">
          {figure(valid)} checks pass for this evidence as it is. Change one bit of a copy, and the very same
          checks run again over it. What the console holds is not touched.
        </p>
      )}
    </Panel>
  );
}

function outcomeWords({ effects }: TamperAttempt): string {
  if (effects.length === 0) return 'No check noticed it.';
  const titles = effects.map(({ after, before }) => (after ?? before).title).join(', ');
  return `Noticed by ${effects.length === 1 ? 'one check' : `${effects.length} checks`}: ${titles}.`;
}

function Outcome({ attempt, valid }: { attempt: TamperAttempt; valid: number }) {
  const { target, byte, before, after, effects } = attempt;
  return (
    <div className="toutcome">
      <p>
        <b>{target.field}</b> of <b>{target.artefact}</b>: byte {figure(byte + 1)} of {figure(target.length)}{' '}
        was <code>{hex(before)}</code> and is <code>{hex(after)}</code> in the copy.{' '}
        {effects.length === 0
          ? (target.unsigned ?? 'No check noticed it.')
          : `${figure(effects.length)} of ${figure(valid)} checks that passed do not pass any more.`}
      </p>
      {effects.length > 0 && (
        <ol className="checks" aria-label="Checks that noticed">
          {effects.map(({ before: line, after: now }) => (
            <CheckRow
              key={line.id}
              check={
                now ?? {
                  ...line,
                  verdict: 'not-checked',
                  reason: 'this line is not reached any more',
                }
              }
            />
          ))}
        </ol>
      )}
    </div>
  );
}
