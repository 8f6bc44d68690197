'use client';

import type { FormEvent } from 'react';
import { AuthorityFields, readAuthorityFields } from '@/components/authority/authority-fields';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import type { PersonView } from '@/lib/identity/person-requests';
import { ROLE_NAMES, ROLES, type Role } from '@/lib/identity/role';

export interface PersonEntry {
  name: string;
  email: string;
  roles: Role[];
  authority: PersonView['authority'];
}

function readEntry(form: FormData): PersonEntry {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  return {
    name: text('name'),
    email: text('email'),
    roles: ROLES.filter((role) => form.getAll('roles').includes(role)),
    authority: readAuthorityFields(form),
  };
}

/** Who somebody is, what they are here, and how far their verdicts reach. */
export function PersonForm({
  id,
  person,
  classes,
  onEntry,
}: {
  id: string;
  /** Null: somebody new, with name and address to fill in. */
  person: PersonView | null;
  /** Classes of counterparties that the policy in force names. */
  classes: readonly string[];
  onEntry: (entry: PersonEntry) => void;
}) {
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onEntry(readEntry(new FormData(event.currentTarget)));
  }
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
      <AuthorityFields
        authority={person?.authority ?? null}
        classes={classes}
        hint="Only reviewers decide; without authority a reviewer can only read."
        mayBeNothing
      />
    </form>
  );
}
