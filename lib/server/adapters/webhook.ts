import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { utf8 } from '@/lib/core/bytes';
import { signRequest } from '@/lib/core/http-signature';
import { formatInstant } from '@/lib/core/instant';
import { formatMessage } from '@/lib/notifications/format-message';
import type { Message } from '@/lib/notifications/notice';
import { getSigningKey } from '../keys/key-directory';
import type { ChannelAdapter, SendContext } from '../notifications/channel-adapter';
import { WitnessError } from '../witnesses/witness-adapter';
import { callService } from './call-service';
import { serviceAddress } from './service-address';

const settings = z.strictObject({ url: serviceAddress });
type Settings = z.infer<typeof settings>;

/**
 * A signed POST to an endpoint that was registered before: RFC 9421 in the console's one profile, under its `mesh` key
 * (published with its thumbprint at /api/v1/proof). `id` and `Idempotency-Key` are the same at every attempt; nonce and
 * time are not. Any 2xx is an acknowledgement.
 */
async function post(message: Message, { url }: Settings, context: SendContext, body: unknown): Promise<void> {
  const bytes = utf8(JSON.stringify(body));
  const { keyid, seed } = getSigningKey('mesh');
  const signed = signRequest({
    method: 'POST',
    targetUri: new URL(url).href,
    body: bytes,
    keyid,
    seed,
    createdS: Math.floor(context.nowMs / 1000),
    nonce: randomBytes(16).toString('hex'),
    tag: 'countersign-webhook',
  });
  const answer = await callService({
    url: new URL(url).href,
    method: 'POST',
    headers: { ...signed, 'content-type': 'application/json', 'idempotency-key': message.id },
    body: bytes,
    signal: context.signal,
    maxAnswerBytes: 4_096,
  });
  if (answer.status < 200 || answer.status > 299)
    throw new WitnessError('witness_refused', `${new URL(url).origin} answered ${answer.status}`);
}

export const webhook: ChannelAdapter<Settings> = {
  settings,
  secretFields: [],
  addressed: false,
  send: (message, given, context) => {
    const { about, expiresAtMs, kind, ref, id, createdAtMs } = message;
    const { link, lines } = formatMessage(message, context);
    return post(message, given, context, {
      id,
      kind,
      ref,
      text: lines[0],
      ...(about.agent ? { agent: about.agent } : {}),
      ...(about.tier ? { tier: about.tier } : {}),
      ...(about.rule ? { rule: about.rule } : {}),
      ...(expiresAtMs === null ? {} : { expires_at: formatInstant(expiresAtMs) }),
      created_at: formatInstant(createdAtMs),
      link,
    });
  },
};

/** A gateway's own task changed (formats.md §7). No verdict and no token: the gateway fetches the task itself. */
export const callback: ChannelAdapter<Settings> = {
  ...webhook,
  send: (message, given, context) =>
    post(message, given, context, {
      id: message.id,
      task_id: message.ref,
      self: `${context.origin}/access/v1/requests/${message.ref}`,
      created_at: formatInstant(message.createdAtMs),
    }),
};
