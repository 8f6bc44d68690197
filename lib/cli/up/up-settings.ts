import { resolve } from 'node:path';
import { defaultDataDirectory } from '@/lib/server/config';
import { Refusal } from '../refusal';

export interface UpSettings {
  port: number;
  host: string;
  /** The address that people and gateways use. */
  origin: string;
  dataDirectory: string;
  databaseUrl: string | undefined;
  /** No demo: a console for one's own organisation. */
  empty: boolean;
}

function parsePort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    throw new Refusal('PORT is not a port number. Choose one from 1024 to 65535: PORT=3001 npm run up');
  return port;
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash)
    throw new Refusal(
      'COUNTERSIGN_ORIGIN is not an address. Write it as https://console.example.org, without a path.',
    );
  return url.origin;
}

/**
 * What `up` was asked for. `npm run up --empty` counts as `npm run up -- --empty`: npm keeps the flag for itself and
 * only sets `npm_config_empty`.
 * @throws Refusal naming the setting that is wrong
 */
export function parseUpSettings(args: string[], env: Record<string, string | undefined>): UpSettings {
  const unknown = args.find((arg) => arg !== '--empty');
  if (unknown !== undefined)
    throw new Refusal(`"up" does not know ${unknown}. Its only option is --empty: npm run up -- --empty`);
  const port = parsePort(env.PORT || '3000');
  const host = env.HOST || '127.0.0.1';
  const everywhere = ['127.0.0.1', '0.0.0.0', '::', 'localhost'].includes(host);
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    port,
    host: host === 'localhost' ? '127.0.0.1' : host,
    origin: parseOrigin(env.COUNTERSIGN_ORIGIN || `http://${everywhere ? 'localhost' : name}:${port}`),
    dataDirectory: resolve(env.COUNTERSIGN_DATA || defaultDataDirectory()),
    databaseUrl: env.DATABASE_URL || undefined,
    empty: args.includes('--empty') || env.npm_config_empty === 'true',
  };
}
