'use client';

import { type FormEvent, useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import {
  ALERT_KINDS,
  ALERT_WINDOW_HOURS,
  type AlertKind,
  type AlertRuleRow,
  alertSettings,
  describeRule,
} from '@/lib/analytics/alert-rule';
import { CONTROLS } from '@/lib/decisions/record-payload';

const NAMES: Record<AlertKind, string> = {
  rate: 'Rate above a bound',
  silence: 'Silence of a producer',
  gaps: 'Numbers missing',
  dwell: 'Collapse of dwell',
  backlog: 'Backlog of the queue',
  unwitnessed: 'Log unwitnessed',
  unannounced: 'Version not announced',
};
type NumberField = { name: string; label: string; value: number };

/** The numbers that a rule of this kind is made of, with what they begin at. */
const NUMBERS: Record<AlertKind, NumberField[]> = {
  rate: [
    { name: 'abovePercent', label: 'Above, percent', value: 10 },
    { name: 'minimum', label: 'Of at least, decisions', value: 50 },
  ],
  silence: [],
  gaps: [{ name: 'olderMinutes', label: 'Open for more than, minutes', value: 15 }],
  dwell: [
    { name: 'belowPercent', label: 'Below, percent of the four weeks before', value: 50 },
    { name: 'minimum', label: 'Of at least, verdicts', value: 20 },
  ],
  backlog: [
    { name: 'waiting', label: 'More than, waiting', value: 20 },
    { name: 'oldestMinutes', label: 'Or the oldest for more than, minutes', value: 30 },
  ],
  unwitnessed: [{ name: 'olderMinutes', label: 'For more than, minutes', value: 60 }],
  unannounced: [],
};

/** Writing a rule, or changing one. */
export function EditAlertRule({ rule, onClose }: { rule: AlertRuleRow | null; onClose: () => void }) {
  const [kind, setKind] = useState<AlertKind>(rule?.settings.kind ?? 'rate');
  const [fault, setFault] = useState<string | null>(null);
  const { state, send } = useChange(onClose);
  const old = new Map<string, unknown>(rule?.settings.kind === kind ? Object.entries(rule.settings) : []);
  const begin = (name: string, otherwise: string | number) => String(old.get(name) ?? otherwise);
  const windowed = kind === 'rate' || kind === 'dwell';

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const parsed = alertSettings.safeParse({
      kind,
      ...Object.fromEntries(NUMBERS[kind].map(({ name }) => [name, Number(text(name))])),
      ...(windowed ? { windowHours: Number(text('windowHours')) } : {}),
      ...(kind === 'rate'
        ? { outcome: text('outcome'), agent: text('agent') || null, control: text('control') || null }
        : {}),
    });
    const id = rule?.id ?? text('id');
    if (!parsed.success || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) {
      setFault(
        parsed.success
          ? 'A name has small letters, digits and hyphens.'
          : `${parsed.error.issues[0]?.path.join('.') ?? 'A number'} is not within its bounds.`,
      );
      return;
    }
    setFault(null);
    void send(rule ? 'PUT' : 'POST', '/api/v1/settings/alerts', {
      id,
      settings: parsed.data,
      enabled: rule?.enabled ?? true,
    });
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={rule ? `Change ${rule.id}` : 'Add a rule'}
      description={
        rule
          ? `Now: ${describeRule(rule.settings)}.`
          : 'It is a signed record, and so is every alert it opens and closes.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="alert-rule" busy={state.kind === 'sending'}>
            {rule ? 'Change it' : 'Add it'}
          </Button>
        </>
      }
    >
      <form id="alert-rule" className="settings-form" method="post" onSubmit={onSubmit}>
        <ProblemLine state={state} />
        {fault !== null && (
          <p className="err" role="alert">
            {fault}
          </p>
        )}
        <div className="alertform">
          {rule === null && (
            <Field label="Name" hint="the only words of it that leave the console">
              {(control) => (
                <TextInput {...control} name="id" required maxLength={64} placeholder="refusal-rate" />
              )}
            </Field>
          )}
          <Field label="Kind">
            {(control) => (
              <Select
                {...control}
                value={kind}
                onChange={(event) =>
                  setKind(ALERT_KINDS.find((each) => each === event.target.value) ?? 'rate')
                }
                options={ALERT_KINDS.map((each) => ({ value: each, label: NAMES[each] }))}
              />
            )}
          </Field>
          {NUMBERS[kind].map(({ name, label, value }) => (
            <Field key={`${kind} ${name}`} label={label}>
              {(control) => (
                <TextInput
                  {...control}
                  name={name}
                  type="number"
                  min={1}
                  required
                  defaultValue={begin(name, value)}
                />
              )}
            </Field>
          ))}
          {windowed && (
            <Field label="Over the last">
              {(control) => (
                <Select
                  {...control}
                  name="windowHours"
                  defaultValue={begin('windowHours', 24)}
                  options={ALERT_WINDOW_HOURS.map((hours) => ({
                    value: String(hours),
                    label: hours === 168 ? '7 days' : `${hours} h`,
                  }))}
                />
              )}
            </Field>
          )}
          {kind === 'rate' && (
            <>
              <Field label="Outcome">
                {(control) => (
                  <Select
                    {...control}
                    name="outcome"
                    defaultValue={begin('outcome', 'refuse')}
                    options={[
                      { value: 'refuse', label: 'refused' },
                      { value: 'escalate', label: 'escalated' },
                      { value: 'defer', label: 'deferred' },
                    ]}
                  />
                )}
              </Field>
              <Field label="Control">
                {(control) => (
                  <Select
                    {...control}
                    name="control"
                    defaultValue={begin('control', '')}
                    options={[
                      { value: '', label: 'any' },
                      ...CONTROLS.map((each) => ({ value: each, label: each })),
                    ]}
                  />
                )}
              </Field>
              <Field label="Agent" optional>
                {(control) => (
                  <TextInput
                    {...control}
                    mono
                    name="agent"
                    maxLength={128}
                    defaultValue={begin('agent', '')}
                  />
                )}
              </Field>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}
