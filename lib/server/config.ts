import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isTraceTemplate } from '@/lib/decisions/trace-url';
import { sharedSingleton } from './shared-singleton';

const environment = z.object({
  /** The app role's connection; INSERT and SELECT only on evidence. */
  COUNTERSIGN_DATABASE_URL: z.string().min(1),
  /** The vault role's connection; without it, the same server with the password of the key directory. */
  COUNTERSIGN_VAULT_DATABASE_URL: z.string().min(1).optional(),
  /** Where keys live, mode 0600. */
  COUNTERSIGN_DATA: z.string().optional(),
  /** The address people and gateways use: issuer of tokens, origin of signed requests. */
  COUNTERSIGN_ORIGIN: z.url().default('http://localhost:3000'),
  /** Relying party of passkeys: the origin's host, or a domain above it. Changing it makes registered passkeys unusable. */
  COUNTERSIGN_RP_ID: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)
    .optional(),
  COUNTERSIGN_DEMO: z.enum(['0', '1']).default('0'),
  COUNTERSIGN_CHECKPOINT_RECORDS: z.coerce.number().int().min(1).default(1000),
  COUNTERSIGN_CHECKPOINT_SECONDS: z.coerce.number().min(0.2).default(600),
  /** How often what is past its time is looked for. */
  COUNTERSIGN_RETENTION_SECONDS: z.coerce.number().min(0.2).default(60),
  COUNTERSIGN_POOL: z.coerce.number().int().min(2).max(200).default(12),
  /** `smtp://` (STARTTLS required, except to this machine) or `smtps://`, with user and password where needed. */
  COUNTERSIGN_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  COUNTERSIGN_SMTP_FROM: z.email().optional(),
  /** Where a tracing UI shows one trace: an http or https address with `{trace_id}` in its path, query or fragment. */
  COUNTERSIGN_TRACE_URL: z
    .string()
    .refine(isTraceTemplate, 'an http or https address with one {trace_id} after the host is needed')
    .optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default('your organisation'),
});

export interface MailServer {
  host: string;
  port: number;
  tls: 'implicit' | 'starttls' | 'none';
  user: string | undefined;
  password: string | undefined;
  from: string;
}

export interface Config {
  databaseUrl: string;
  vaultDatabaseUrl: string | null;
  dataDirectory: string;
  origin: string;
  rpId: string;
  demo: boolean;
  checkpointRecords: number;
  checkpointSeconds: number;
  retentionSeconds: number;
  poolSize: number;
  mail: MailServer | null;
  traceTemplate: string | null;
  oidc: { issuer: string; clientId: string; clientSecret: string; name: string } | null;
}

/** Directory for keys and the embedded database when none is configured: `~/.countersign`. */
export function defaultDataDirectory(): string {
  return join(homedir(), '.countersign');
}

/** The process's configuration, parsed once. Throws a sentence naming the variable that is wrong. */
export function getConfig(): Config {
  return sharedSingleton('config', readConfig);
}

function readConfig(): Config {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`The setting ${issue?.path.join('.')} is missing or wrong: ${issue?.message}.`);
  }
  const env = parsed.data;
  return {
    databaseUrl: env.COUNTERSIGN_DATABASE_URL,
    vaultDatabaseUrl: env.COUNTERSIGN_VAULT_DATABASE_URL ?? null,
    dataDirectory: resolve(/* turbopackIgnore: true */ env.COUNTERSIGN_DATA ?? defaultDataDirectory()),
    origin: env.COUNTERSIGN_ORIGIN.replace(/\/$/, ''),
    rpId: env.COUNTERSIGN_RP_ID ?? new URL(env.COUNTERSIGN_ORIGIN).hostname,
    demo: env.COUNTERSIGN_DEMO === '1',
    checkpointRecords: env.COUNTERSIGN_CHECKPOINT_RECORDS,
    checkpointSeconds: env.COUNTERSIGN_CHECKPOINT_SECONDS,
    retentionSeconds: env.COUNTERSIGN_RETENTION_SECONDS,
    poolSize: env.COUNTERSIGN_POOL,
    mail:
      env.COUNTERSIGN_SMTP_URL && env.COUNTERSIGN_SMTP_FROM
        ? readMailServer(env.COUNTERSIGN_SMTP_URL, env.COUNTERSIGN_SMTP_FROM)
        : null,
    traceTemplate: env.COUNTERSIGN_TRACE_URL ?? null,
    oidc:
      env.OIDC_ISSUER && env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET
        ? {
            issuer: env.OIDC_ISSUER,
            clientId: env.OIDC_CLIENT_ID,
            clientSecret: env.OIDC_CLIENT_SECRET,
            name: env.OIDC_NAME,
          }
        : null,
  };
}

/** The mail server that the operator named in the environment, or null. */
export function getMailServer(): MailServer | null {
  return getConfig().mail;
}

function readMailServer(address: string, from: string): MailServer {
  const url = new URL(address);
  const secure = url.protocol === 'smtps:';
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    tls: secure ? 'implicit' : local ? 'none' : 'starttls',
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    from,
  };
}

/** Name of the log, first line of every checkpoint (C2SP tlog-checkpoint origin): the console's host and `/log`. */
export function logOrigin(config: Config = getConfig()): string {
  return `${new URL(config.origin).host}/log`;
}

/** The console as a producer. */
export function consoleProducer(config: Config = getConfig()): string {
  return `spiffe://${new URL(config.origin).hostname}/countersign/console`;
}

/** The stream in which the console journals what it did for one tenant. */
export function consoleStream(tenant: string): string {
  return `console/${tenant}`;
}
