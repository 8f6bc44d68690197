/** Channels and preferences as the settings show and change them. */
import * as z from 'zod';
import { spiffeId } from '@/lib/decisions/record-payload';
import { NOTIFICATION_KINDS } from './notification-kinds';
import { isTimeZone } from './quiet-hours';

export const CHANNEL_TYPES = ['email', 'slack', 'webhook', 'callback'] as const;
export const channelType = z.enum(CHANNEL_TYPES);
export type ChannelType = z.infer<typeof channelType>;

export const channelName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);
const kinds = z.array(z.enum(NOTIFICATION_KINDS)).max(NOTIFICATION_KINDS.length);
const settings = z.record(z.string().max(64), z.unknown());

/** POST /api/v1/settings/notifications */
export const addChannelRequest = z.strictObject({
  name: channelName,
  type: channelType,
  settings,
  kinds,
  /** The producer whose tasks a callback tells of; only for `callback`. */
  gateway: spiffeId.optional(),
  /** The endpoint may be at an address of this machine or network. */
  allowPrivate: z.boolean().default(false),
});
export type AddChannelRequest = z.infer<typeof addChannelRequest>;

/** PUT /api/v1/settings/notifications: what is not named stays as it is. Secrets are kept unless given again. */
export const changeChannelRequest = z.strictObject({
  name: channelName,
  settings: settings.optional(),
  kinds: kinds.optional(),
  enabled: z.boolean().optional(),
  allowPrivate: z.boolean().optional(),
});
export type ChangeChannelRequest = z.infer<typeof changeChannelRequest>;

/** POST /api/v1/settings/notifications/test */
export const testChannelRequest = z.strictObject({ name: channelName });

const minute = z.number().int().min(0).max(1439);

/** PUT /api/v1/notifications/preferences: a person's own, in the organisation they are in. */
export const preferencesRequest = z.strictObject({
  kinds,
  quiet: z.strictObject({ from: minute, to: minute }).nullable(),
  timeZone: z.string().max(64).refine(isTimeZone, 'time_zone'),
});
export type NotificationPreferences = z.infer<typeof preferencesRequest>;

export const CHANNEL_STATES = ['ok', 'unused', 'failing', 'disabled'] as const;

export const channelView = z.object({
  name: z.string(),
  type: channelType,
  settings,
  /** Names of the secrets that are kept; their values never leave the server. */
  secrets: z.array(z.string()),
  kinds,
  gateway: z.string().nullable(),
  enabled: z.boolean(),
  allowPrivate: z.boolean(),
  state: z.enum(CHANNEL_STATES),
  waiting: z.number().int(),
  givenUp: z.number().int(),
  lastSentAt: z.string().nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: z.string().nullable(),
  addedAt: z.string(),
});
export type ChannelView = z.infer<typeof channelView>;
