import type { ChannelType } from '@/lib/notifications/channel-requests';

export interface ChannelField {
  name: string;
  label: string;
  hint?: string;
  kind: 'text' | 'address' | 'number' | 'secret' | 'tls';
  optional?: boolean;
}

/** What each kind of channel is called, and what it needs. */
export const CHANNEL_FORMS: Readonly<
  Record<ChannelType, { label: string; hint: string; fields: ChannelField[] }>
> = {
  email: {
    label: 'E-mail',
    hint: 'To each person by themselves, by their own preferences.',
    fields: [
      {
        name: 'host',
        label: 'Mail server',
        hint: 'Empty: the server that the environment names (COUNTERSIGN_SMTP_URL).',
        kind: 'text',
        optional: true,
      },
      { name: 'port', label: 'Port', kind: 'number', optional: true },
      { name: 'tls', label: 'Encryption', kind: 'tls', optional: true },
      { name: 'user', label: 'User', kind: 'text', optional: true },
      { name: 'password', label: 'Password', kind: 'secret', optional: true },
      { name: 'from', label: 'Sender’s address', kind: 'text', optional: true },
    ],
  },
  slack: {
    label: 'Slack',
    hint: 'One message to the channel of an incoming webhook.',
    fields: [
      {
        name: 'url',
        label: 'Incoming webhook',
        hint: 'Kept sealed: the address is the secret.',
        kind: 'secret',
      },
    ],
  },
  webhook: {
    label: 'Signed webhook',
    hint: 'A POST signed by this console (RFC 9421, key “mesh” at /api/v1/proof), at least once, with a stable id.',
    fields: [{ name: 'url', label: 'Address', kind: 'address' }],
  },
  callback: {
    label: 'Gateway callback',
    hint: 'Tells one gateway that a task of its own changed. It is never the authority: the gateway fetches the task.',
    fields: [{ name: 'url', label: 'Address', kind: 'address' }],
  },
};

/** The settings as the server takes them, from what was entered; empty fields are left out. */
export function readChannelSettings(
  type: ChannelType,
  entered: (name: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    CHANNEL_FORMS[type].fields.flatMap(({ name, kind }) => {
      const text = entered(name).trim();
      if (text === '') return [];
      return [[name, kind === 'number' ? Number(text) : text]];
    }),
  );
}

/** What a delivery failed with, in words. */
export function describeChannelError(code: string): string {
  const words: Record<string, string> = {
    endpoint_unreachable: 'no answer',
    endpoint_refused: 'refused',
    endpoint_busy: 'busy, or not now',
    endpoint_answer_invalid: 'answered too much',
    endpoint_misconfigured: 'a setting is wrong, or the address is not allowed',
  };
  return words[code] ?? 'failed inside the console';
}
