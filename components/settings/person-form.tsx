'use client';

import type { FormEvent } from 'react';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import type { PersonView } from '@/lib/identity/person-requests';
import { ROLE_NAMES, ROLES, type Role } from '@/lib/identity/role';

export interface PersonEntry {
  name: string;
  email: string;
  roles: Role[];
  authority: PersonView['authority'];
}

const TIER_OPTIONS = [
  { value: 'none', label: 'nothing' },
  { value: 'reversible', label: 'reversible actions' },
  { value: 'bounded', label: 'irreversible but bounded actions' },
  { value: 'unbounded', label: 'irreversible and unbounded actions' },
];

function readEntry(form: FormData): PersonEntry {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const maxTier = text('maxTier');
  const maxAmount = text('maxAmount');
  return {
    name: text('name'),
    email: text('email'),
    roles: ROLES.filter((role) => form.getAll('roles').includes(role)),
    authority:
      maxTier === 'reversible' || maxTier === 'bounded' || maxTier === 'unbounded'
        ? {
            maxTier,
            maxAmount: maxAmount === '' ? null : maxAmount,
            currency: maxAmount === '' ? null : text('currency').toUpperCase(),
            tools: text('tools')
              .split(/[\s,]+/)
              .filter(Boolean),
          }
        : null,
  };
}

/** Who somebody is, what they are here, and how far their verdicts reach. */
export function PersonForm({
  id,
  person,
  onEntry,
}: {
  id: string;
  /** Null: somebody new, with name and address to fill in. */
  person: PersonView | null;
  onEntry: (entry: PersonEntry) => void;
}) {
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onEntry(readEntry(new FormData(event.currentTarget)));
  }
  const authority = person?.authority ?? null;
  return (
    <form id={id} className="settings-form" method="post" onSubmit={onSubmit}>
      {person === null && (
        <>
          <Field label="Name">
            {(control) => <TextInput {...control} name="name" maxLength={128} required />}
          </Field>
          <Field
            label="E-mail"
            hint="The verified address under which they sign in with your organisation's sign-in."
          >
            {(control) => <TextInput {...control} name="email" type="email" maxLength={320} required />}
          </Field>
        </>
      )}
      <fieldset>
        <legend>Roles</legend>
        <div className="settings-checks">
          {ROLES.map((role) => (
            <label key={role}>
              <input
                type="checkbox"
                name="roles"
                value={role}
                defaultChecked={person?.roles.includes(role)}
              />
              {ROLE_NAMES[role]}
            </label>
          ))}
        </div>
      </fieldset>
      <Field label="May approve" hint="Only reviewers decide; without authority a reviewer can only read.">
        {(control) => (
          <Select
            {...control}
            name="maxTier"
            options={TIER_OPTIONS}
            defaultValue={authority?.maxTier ?? 'none'}
          />
        )}
      </Field>
      <div className="settings-pair">
        <Field label="Up to this amount" optional hint="Empty: any amount.">
          {(control) => (
            <TextInput
              {...control}
              mono
              name="maxAmount"
              inputMode="decimal"
              pattern="(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?"
              defaultValue={authority?.maxAmount ?? ''}
            />
          )}
        </Field>
        <Field label="Currency" optional>
          {(control) => (
            <TextInput
              {...control}
              mono
              name="currency"
              pattern="[A-Za-z]{3}"
              maxLength={3}
              defaultValue={authority?.currency ?? ''}
            />
          )}
        </Field>
      </div>
      <Field
        label="Only these tools"
        optional
        hint="Names or prefixes ending in *, separated by spaces. Empty: every tool."
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            name="tools"
            spellCheck={false}
            defaultValue={authority?.tools.join(' ') ?? ''}
          />
        )}
      </Field>
    </form>
  );
}
