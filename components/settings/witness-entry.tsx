'use client';

import type { FormEvent } from 'react';
import { Field } from '@/components/ui/field';
import { TextArea } from '@/components/ui/text-area';
import { TextInput } from '@/components/ui/text-input';
import type { WitnessView } from '@/lib/evidence/witness-view';
import { readSettings, showSetting, type WitnessField, type WitnessForm } from './witness-fields';

/** What somebody entered about a witness. */
export interface WitnessEntry {
  name: string;
  everySeconds: number;
  settings: Record<string, unknown>;
  allowPrivate: boolean;
}

/** The fields of one kind of witness; `witness` fills them with what is registered. */
export function WitnessEntryForm({
  id,
  form,
  witness,
  onEntry,
}: {
  id: string;
  form: WitnessForm;
  witness: WitnessView | null;
  onEntry: (entry: WitnessEntry) => void;
}) {
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    onEntry({
      name: witness?.name ?? String(entered.get('witness-name')),
      everySeconds: Number(entered.get('witness-every')),
      settings: readSettings(form, (name) => String(entered.get(name) ?? '')),
      allowPrivate: entered.get('witness-private') === 'on',
    });
  }
  return (
    <form id={id} className="settings-form" method="post" onSubmit={onSubmit}>
      {witness === null && (
        <Field label="Name" hint="Its receipts are kept under this name, for ever.">
          {(control) => (
            <TextInput
              {...control}
              mono
              name="witness-name"
              pattern="[a-z0-9][a-z0-9.\-]{0,63}"
              placeholder="partner-bank"
              spellCheck={false}
              required
            />
          )}
        </Field>
      )}
      {form.fields.map((field) => (
        <Setting key={field.name} field={field} witness={witness} />
      ))}
      <Field label="Seconds between two stamps" hint="0 stamps every checkpoint.">
        {(control) => (
          <TextInput
            {...control}
            type="number"
            name="witness-every"
            min={0}
            max={604_800}
            defaultValue={witness?.everySeconds ?? form.everySeconds}
            required
          />
        )}
      </Field>
      <div className="settings-checks">
        <label>
          <input type="checkbox" name="witness-private" defaultChecked={witness?.allowPrivate ?? false} />
          It may be at an address of this machine or network
        </label>
      </div>
    </form>
  );
}

function Setting({ field, witness }: { field: WitnessField; witness: WitnessView | null }) {
  const { name, label, hint, kind, optional = false, placeholder } = field;
  const value = showSetting(witness?.settings[name]);
  if (kind === 'flag') {
    return (
      <div className="settings-checks">
        <label>
          <input type="checkbox" name={name} defaultChecked={value === 'true'} /> {label}
        </label>
      </div>
    );
  }
  const isSecret = kind === 'secret' || kind === 'secret-block';
  const isKept = isSecret && (witness?.secrets.includes(name) ?? false);
  const shared = {
    name,
    placeholder: isKept ? 'kept; enter another to replace it' : placeholder,
    spellCheck: false,
    required: !optional && !isKept,
    autoComplete: 'off',
  };
  return (
    <Field label={label} optional={optional} hint={hint}>
      {(control) =>
        kind === 'lines' || kind === 'block' || kind === 'secret-block' ? (
          <TextArea {...control} {...shared} rows={3} defaultValue={isSecret ? '' : value} />
        ) : (
          <TextInput
            {...control}
            {...shared}
            mono={kind === 'address' || kind === 'text'}
            type={
              kind === 'secret'
                ? 'password'
                : kind === 'number'
                  ? 'number'
                  : kind === 'address'
                    ? 'url'
                    : 'text'
            }
            autoComplete={kind === 'secret' ? 'new-password' : 'off'}
            min={kind === 'number' ? 1 : undefined}
            defaultValue={isSecret ? '' : value}
          />
        )
      }
    </Field>
  );
}
