import { z } from 'zod';
import { formatMessage } from '@/lib/notifications/format-message';
import type { ChannelAdapter } from '../notifications/channel-adapter';
import { WitnessError } from '../witnesses/witness-adapter';
import { callService } from './call-service';
import { serviceAddress } from './service-address';

const settings = z.strictObject({
  /** A Slack incoming webhook. The address is the secret. */
  url: serviceAddress.refine(
    (url) => url.startsWith('https://') || url.startsWith('http://127.0.0.1'),
    'https',
  ),
});

/** Slack's incoming webhook: blocks of plain text, so that nothing in them is read as markup or as a mention. */
export const slack: ChannelAdapter<z.infer<typeof settings>> = {
  settings,
  secretFields: ['url'],
  addressed: false,
  async send(message, { url }, { origin, nowMs, signal }) {
    const { subject, lines, link } = formatMessage(message, { origin, nowMs });
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
    const answer = await callService({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': message.id },
      body: JSON.stringify({
        text: subject,
        unfurl_links: false,
        unfurl_media: false,
        blocks: [
          { type: 'section', text: plain(lines.join('\n')) },
          { type: 'actions', elements: [{ type: 'button', text: plain('Open in Countersign'), url: link }] },
          { type: 'context', elements: [plain(`Notice ${message.id}`)] },
        ],
      }),
      signal,
      maxAnswerBytes: 4_096,
    });
    if (answer.status !== 200) throw new WitnessError('witness_refused', `Slack answered ${answer.status}`);
  },
};
