import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { formatMessage } from '@/lib/notifications/format-message';
import { getMailServer } from '../config';
import type { ChannelAdapter } from '../notifications/channel-adapter';
import { WitnessError } from '../witnesses/witness-adapter';
import { guardedLookup, PrivateAddressRefused, requireAllowedHost } from './outbound-policy';

const settings = z
  .strictObject({
    /** Without one, the server of the environment (`COUNTERSIGN_SMTP_URL`) is used. */
    host: z.string().min(1).max(253).optional(),
    port: z.number().int().min(1).max(65_535).optional(),
    /** `implicit`: TLS from the first byte (RFC 8314). `starttls`: refused unless the server upgrades. */
    tls: z.enum(['implicit', 'starttls', 'none']).optional(),
    user: z.string().min(1).max(256).optional(),
    password: z.string().min(1).max(1024).optional(),
    from: z.email().max(254).optional(),
  })
  .refine(({ host, from }) => host === undefined || from !== undefined, {
    path: ['from'],
    message: 'required',
  })
  .refine(({ user, tls }) => user === undefined || tls !== 'none', {
    path: ['tls'],
    message: 'a password needs an encrypted connection',
  });
type Settings = z.infer<typeof settings>;

const TIMEOUT_MS = 20_000;

/** Mail over SMTP (RFC 5321) by nodemailer, one connection a message; plain text, no picture, no tracking. */
export const smtp: ChannelAdapter<Settings> = {
  settings,
  secretFields: ['password'],
  addressed: true,
  async send(message, given, { origin, nowMs, signal, recipient }) {
    const server = serverOf(given);
    if (recipient === null) throw new WitnessError('witness_misconfigured', 'mail needs somebody to go to');
    const { subject, lines, link } = formatMessage(message, { origin, nowMs });
    const transport = createTransport({
      host: server.host,
      port: server.port,
      secure: server.tls === 'implicit',
      requireTLS: server.tls === 'starttls',
      ignoreTLS: server.tls === 'none',
      ...(server.user === undefined ? {} : { auth: { user: server.user, pass: server.password ?? '' } }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      getSocket: (_options, callback) => openSocket(server, signal, callback),
    });
    try {
      await transport.sendMail({
        from: { name: 'Countersign', address: server.from },
        to: recipient,
        subject,
        text: `${[...lines, '', link].join('\n')}\n`,
        // The same at every attempt, so that a mailbox shows it once.
        messageId: `<${message.id}@${new URL(origin).hostname}>`,
        date: new Date(message.createdAtMs),
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Countersign-Kind': message.kind },
      });
    } catch (error) {
      throw readError(error, `${server.host}:${server.port}`);
    } finally {
      transport.close();
    }
  },
};

/** From the channel's settings, or the environment. @throws WitnessError `witness_misconfigured` */
function serverOf(given: Settings) {
  if (given.host !== undefined && given.from !== undefined) {
    const { host, from, user, password } = given;
    const tls = given.tls ?? 'implicit';
    return { host, from, user, password, tls, port: given.port ?? (tls === 'implicit' ? 465 : 587) };
  }
  const server = getMailServer();
  if (!server)
    throw new WitnessError('witness_misconfigured', 'neither the channel nor the environment names a server');
  return { ...server, ...(given.from === undefined ? {} : { from: given.from }) };
}

type SocketCallback = (error: Error | null, options?: { connection: ReturnType<typeof connect> }) => void;

/** Opened by ourselves, so that the address is judged when connecting, as for every other service. */
function openSocket(
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
  callback: SocketCallback,
): void {
  try {
    requireAllowedHost(host);
  } catch (error) {
    callback(error as Error);
    return;
  }
  const socket = connect({ host, port, lookup: guardedLookup, timeout: TIMEOUT_MS });
  const abort = () => socket.destroy(new Error('interrupted'));
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  const fail = (error: Error) => callback(error);
  socket.once('timeout', () => socket.destroy(new Error('timeout')));
  socket.once('error', fail);
  socket.once('connect', () => {
    socket.off('error', fail);
    callback(null, { connection: socket });
  });
}

/** No word of a server's answer is kept: it may repeat the recipient's address. */
function readError(error: unknown, where: string): WitnessError {
  if (
    error instanceof PrivateAddressRefused ||
    (error as { cause?: unknown }).cause instanceof PrivateAddressRefused
  )
    return new WitnessError('witness_misconfigured', `${where}: the address is private`);
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (code === 'EAUTH') return new WitnessError('witness_misconfigured', `${where} refused the password`);
  if (responseCode !== undefined && responseCode >= 500)
    return new WitnessError('witness_refused', `${where} answered ${responseCode}`);
  if (responseCode !== undefined)
    return new WitnessError('witness_busy', `${where} answered ${responseCode}`);
  return new WitnessError('witness_unreachable', `no answer from ${where}`);
}
