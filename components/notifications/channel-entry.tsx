'use client';

import type { FormEvent } from 'react';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import type { ChannelType, ChannelView } from '@/lib/notifications/channel-requests';
import { NOTIFICATION_KINDS } from '@/lib/notifications/notification-kinds';
import { CHANNEL_FORMS, type ChannelField, readChannelSettings } from './channel-fields';
import { KindChecks, readKinds } from './kind-checks';

export interface ChannelEntry {
  name: string;
  settings: Record<string, unknown>;
  kinds: string[];
  gateway?: string;
  allowPrivate: boolean;
}

/** The fields of one kind of channel; `channel` fills them with what is registered. */
export function ChannelEntryForm({
  id,
  type,
  channel,
  gateways,
  onEntry,
}: {
  id: string;
  type: ChannelType;
  channel: ChannelView | null;
  gateways: readonly string[];
  onEntry: (entry: ChannelEntry) => void;
}) {
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const read = (name: string) => String(entered.get(name) ?? '');
    onEntry({
      name: channel?.name ?? read('channel-name'),
      settings: readChannelSettings(type, read),
      kinds: readKinds(entered),
      ...(type === 'callback' && !channel ? { gateway: read('channel-gateway') } : {}),
      allowPrivate: entered.get('channel-private') === 'on',
    });
  }
  const { fields, hint } = CHANNEL_FORMS[type];
  return (
    <form id={id} className="settings-form" method="post" onSubmit={onSubmit}>
      <p className="dim">{hint}</p>
      {channel === null && (
        <Field label="Name" hint="How records and this page call it, for ever.">
          {(control) => (
            <TextInput
              {...control}
              mono
              name="channel-name"
              pattern="[a-z0-9][a-z0-9.\-]{0,63}"
              placeholder="on-call"
              spellCheck={false}
              required
            />
          )}
        </Field>
      )}
      {channel === null && type === 'callback' && (
        <Field label="Gateway" hint="Only tasks of this gateway, and only those that ask for it.">
          {(control) => (
            <Select
              {...control}
              name="channel-gateway"
              options={gateways.map((gateway) => ({ value: gateway, label: gateway }))}
            />
          )}
        </Field>
      )}
      {fields.map((field) => (
        <Setting key={field.name} field={field} channel={channel} />
      ))}
      {type !== 'callback' && <KindChecks legend="Tells of" chosen={channel?.kinds ?? NOTIFICATION_KINDS} />}
      <div className="settings-checks">
        <label>
          <input type="checkbox" name="channel-private" defaultChecked={channel?.allowPrivate ?? false} />
          It may be at an address of this machine or network
        </label>
      </div>
    </form>
  );
}

function Setting({ field, channel }: { field: ChannelField; channel: ChannelView | null }) {
  const { name, label, hint, kind, optional = false } = field;
  const kept = kind === 'secret' && (channel?.secrets.includes(name) ?? false);
  const stored = channel?.settings[name];
  const value = kind === 'secret' || stored === undefined ? '' : String(stored);
  return (
    <Field label={label} optional={optional} hint={hint}>
      {(control) =>
        kind === 'tls' ? (
          <Select
            {...control}
            name={name}
            defaultValue={value || 'implicit'}
            options={[
              { value: 'implicit', label: 'TLS from the first byte (465)' },
              { value: 'starttls', label: 'STARTTLS, required (587)' },
              { value: 'none', label: 'None, for a server on this machine' },
            ]}
          />
        ) : (
          <TextInput
            {...control}
            name={name}
            mono={kind !== 'number'}
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
            spellCheck={false}
            defaultValue={value}
            placeholder={kept ? 'kept; enter another to replace it' : undefined}
            required={!optional && !kept}
          />
        )
      }
    </Field>
  );
}
