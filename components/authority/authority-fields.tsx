'use client';

import { type FormEvent, useState } from 'react';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import type { Authority } from '@/lib/identity/authority';
import { WEEKDAYS } from '@/lib/identity/working-hours';
import { DAY_NAMES } from './authority-words';
import { formatLimits, parseLimits } from './limits-text';

const TIER_OPTIONS = [
  { value: 'none', label: 'nothing' },
  { value: 'reversible', label: 'reversible actions' },
  { value: 'bounded', label: 'irreversible but bounded actions' },
  { value: 'unbounded', label: 'irreversible and unbounded actions' },
];

/** Reads what `AuthorityFields` asks for; null for nothing at all. */
export function readAuthorityFields(form: FormData): Authority | null {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const list = (name: string): string[] =>
    text(name)
      .split(/[\s,]+/)
      .filter(Boolean);
  const maxTier = text('maxTier');
  if (maxTier !== 'reversible' && maxTier !== 'bounded' && maxTier !== 'unbounded') return null;
  const days = WEEKDAYS.filter((day) => form.getAll('days').includes(day));
  return {
    maxTier,
    limits: parseLimits(text('limits')) ?? [],
    tools: list('tools'),
    counterparties: list('counterparties'),
    hours:
      days.length === 0 ? null : { days, from: text('from'), to: text('to'), timeZone: text('timeZone') },
  };
}

/** Tells the browser what is wrong with the amounts, so that it keeps the form and says so in place. */
function checkLimits(event: FormEvent<HTMLInputElement>): void {
  const input = event.currentTarget;
  const unread = parseLimits(input.value) === null;
  input.setCustomValidity(unread ? 'One limit a currency, such as 50000 INR, 500 EUR.' : '');
}

/** How far an authority reaches: tier, amounts, tools, counterparties, hours. */
export function AuthorityFields({
  authority,
  classes,
  hint,
  mayBeNothing,
}: {
  authority: Authority | null;
  /** Classes of counterparties that the policy in force names. */
  classes: readonly string[];
  hint: string;
  mayBeNothing: boolean;
}) {
  const hours = authority?.hours ?? null;
  const [days, setDays] = useState<readonly string[]>(hours?.days ?? []);
  return (
    <>
      <Field label="May approve" hint={hint}>
        {(control) => (
          <Select
            {...control}
            name="maxTier"
            options={mayBeNothing ? TIER_OPTIONS : TIER_OPTIONS.slice(1)}
            defaultValue={authority?.maxTier ?? (mayBeNothing ? 'none' : 'reversible')}
          />
        )}
      </Field>
      <Field
        label="Up to these amounts"
        optional
        hint="One limit a currency, such as 50000 INR, 500 EUR; other currencies are then not covered. Empty: any amount."
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            name="limits"
            spellCheck={false}
            maxLength={512}
            onInput={checkLimits}
            defaultValue={formatLimits(authority?.limits ?? [])}
          />
        )}
      </Field>
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
      <Field
        label="Only these counterparties"
        optional
        hint={`Classes of the policy, separated by spaces: ${classes.join(', ')}. Empty: every counterparty.`}
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            name="counterparties"
            spellCheck={false}
            defaultValue={authority?.counterparties.join(' ') ?? ''}
          />
        )}
      </Field>
      <fieldset>
        <legend>Only on these days</legend>
        <div className="settings-checks">
          {WEEKDAYS.map((day) => (
            <label key={day}>
              <input
                type="checkbox"
                name="days"
                value={day}
                checked={days.includes(day)}
                onChange={({ currentTarget: { checked } }) =>
                  setDays((before) => (checked ? [...before, day] : before.filter((each) => each !== day)))
                }
              />
              {DAY_NAMES[day]}
            </label>
          ))}
        </div>
        <p className="dim">None: at any hour of any day.</p>
      </fieldset>
      {days.length > 0 && (
        <>
          <div className="settings-halves">
            <Field label="From" hint="On the wall clock of the time zone.">
              {(control) => (
                <TextInput
                  {...control}
                  type="time"
                  name="from"
                  required
                  defaultValue={hours?.from ?? '09:00'}
                />
              )}
            </Field>
            <Field label="To" hint="Not later than From: past midnight.">
              {(control) => (
                <TextInput {...control} type="time" name="to" required defaultValue={hours?.to ?? '17:00'} />
              )}
            </Field>
          </div>
          <Field label="Time zone" hint="By its name, such as Europe/Berlin or Asia/Kolkata.">
            {(control) => (
              <TextInput
                {...control}
                mono
                name="timeZone"
                required
                spellCheck={false}
                maxLength={64}
                defaultValue={hours?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}
