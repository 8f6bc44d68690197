import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { JsonValue } from '@/lib/core/json';
import { spiffeId, subjectToken } from '@/lib/decisions/record-payload';
import { parseJwks } from '@/lib/tokens/jwks';
import { readJsonFile, readSettingsFile } from '../read-settings-file';
import { Refusal } from '../refusal';

export const GATEWAY_USAGE = `Usage: countersign gateway --config <file> [--session <name>] -- <server command> [argument]…
       countersign gateway --config <file> [--session <name>] --url <address of a Streamable HTTP server>
       countersign gateway --config <file> --key

Stands in front of an MCP server and puts its tool calls under policy and approval; agents speak to it over stdio.
--key makes this gateway's key when there is none, prints its public half to register at the console, and ends.
--session names whose calls these are: after a restart the same call of the same session finds its approval.`;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const label = z.string().min(1).max(256);
const foreign = z.string().regex(/^[A-Za-z0-9._:/@+-]{1,128}$/);
const seconds = (most: number) => z.number().min(0.05).max(most);

/** Where the id of what a call created stands: member names from `{arguments, result}`. */
const downstreamRule = z.strictObject({
  system: label,
  type: label,
  id: z
    .array(z.union([z.string().max(256), z.int().nonnegative()]))
    .min(2)
    .max(16),
});
export type DownstreamRule = z.infer<typeof downstreamRule>;

const gatewayFile = z.strictObject({
  /** The console's origin, as configured there. */
  console: z.url({ protocol: /^https?$/ }),
  producer: spiffeId,
  /** The console's approval keys (a copy of its /.well-known/jwks.json that you compared): a path from this file. */
  approvalKeys: z.string().min(1),
  /** This gateway's own directory: its key, the calls that wait, unanswered records. A path from this file. */
  directory: z.string().min(1),
  /** One more path segment of this gateway's stream; a directory that was lost needs a new one. */
  stream: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .optional(),
  server: name,
  agent: z.strictObject({ id: foreign, name: label, version: label, runtime: label.optional() }),
  session: foreign.default('default'),
  principal: z.strictObject({ type: label, token: subjectToken }).optional(),
  purpose: label.optional(),
  waitSeconds: seconds(86_400).default(1_800),
  /** Clients that ask for no progress give up after a minute; they are told to call again before that. */
  waitWithoutProgressSeconds: seconds(3_600).default(45),
  progressSeconds: seconds(60).default(10),
  answerSeconds: seconds(3_600).default(300),
  /** How long an approval is kept for an agent that is gone. */
  graceSeconds: seconds(3_600).default(60),
  sweepSeconds: seconds(600).default(10),
  /** Headers of requests to --url, by the environment variable that holds each: secrets stay out of this file. */
  headersFrom: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().regex(/^[A-Z0-9_]{1,64}$/))
    .default({}),
  passMethods: z.array(z.string().min(1).max(128)).max(32).default([]),
  downstream: z.record(z.string().max(128), downstreamRule).default({}),
});

export interface GatewaySettings extends z.infer<typeof gatewayFile> {
  jwks: JsonValue | null;
  /** How to start the server; empty when `url` names one that runs. */
  command: string[];
  url: string | undefined;
  headers: Record<string, string>;
  /** Only show the key. */
  showKey: boolean;
}

/** @throws Refusal naming what is wrong and where */
export function readGatewaySettings(args: string[]): GatewaySettings {
  const end = args.indexOf('--');
  const command = end === -1 ? [] : args.slice(end + 1);
  const options = readOptions(end === -1 ? args : args.slice(0, end));
  const showKey = options.key === true;
  const servers = (command.length > 0 ? 1 : 0) + (options.url === undefined ? 0 : 1);
  if (!options.config || servers !== (showKey ? 0 : 1)) throw new Refusal(GATEWAY_USAGE);
  if (options.url !== undefined && !z.url({ protocol: /^https?$/ }).safeParse(options.url).success)
    throw new Refusal('--url is not an http or https address.');
  const path = resolve(options.config);
  const file = readSettingsFile(
    path,
    gatewayFile,
    options.session === undefined ? {} : { session: options.session },
  );
  const at = (relative: string) => resolve(dirname(path), relative);
  const keys = at(file.approvalKeys);
  return {
    ...file,
    directory: at(file.directory),
    jwks: showKey ? null : readApprovalKeys(keys, file.console),
    command,
    url: options.url,
    headers: readHeaders(file.headersFrom),
    showKey,
  };
}

function readOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      strict: true,
      options: {
        config: { type: 'string' },
        session: { type: 'string' },
        url: { type: 'string' },
        key: { type: 'boolean' },
      },
    }).values;
  } catch {
    throw new Refusal(GATEWAY_USAGE);
  }
}

function readHeaders(from: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(from).map(([header, variable]) => {
      const value = process.env[variable];
      if (!value)
        throw new Refusal(`The environment variable ${variable}, for the header ${header}, is empty.`);
      return [header, value];
    }),
  );
}

function readApprovalKeys(path: string, origin: string): JsonValue {
  try {
    const keys = readJsonFile(path);
    const parsed = parseJwks(keys);
    if (parsed.ok && parsed.value.length > 0) return keys;
  } catch {
    // Told below, with what to do.
  }
  throw new Refusal(
    `The approval keys ${path} are missing or are no key set. Save ${origin}/.well-known/jwks.json there, and compare the fingerprints with those that the console's administrator reads out.`,
  );
}
