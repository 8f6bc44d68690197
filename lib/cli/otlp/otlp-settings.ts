import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { spiffeId } from '@/lib/decisions/record-payload';
import { readSettingsFile } from '../read-settings-file';
import { Refusal } from '../refusal';

export const OTLP_USAGE = `Usage: countersign otlp --config <file> [--key]

Takes OpenTelemetry spans over OTLP/HTTP and records those GenAI spans that their producer marked audit-grade
(countersign.audit = true), signed with this bridge's own key and labelled as not signed at source.
--key makes the bridge's key when there is none, prints its public half to register at the console, and ends.`;

const otlpFile = z.strictObject({
  /** The console's origin, as configured there. */
  console: z.url({ protocol: /^https?$/ }),
  /** The bridge as a producer of its own. */
  producer: spiffeId,
  /** The bridge's own directory: its key and its memory. A path from this file. */
  directory: z.string().min(1),
  /** One more path segment of the bridge's stream; a directory that was lost needs a new one. */
  stream: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .optional(),
  host: z.string().min(1).max(255).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(4318),
  /** How long after its end a span is taken, and so how long it is remembered. */
  memoryHours: z.number().min(1).max(168).default(24),
  /** How often to send again what has no answer. */
  retrySeconds: z.number().min(0.05).max(600).default(10),
});

export interface OtlpSettings extends z.infer<typeof otlpFile> {
  streamName: string;
  showKey: boolean;
}

/** @throws Refusal naming what is wrong and where */
export function readOtlpSettings(args: string[]): OtlpSettings {
  const { config, key } = readOptions(args);
  if (!config) throw new Refusal(OTLP_USAGE);
  const path = resolve(config);
  const file = readSettingsFile(path, otlpFile);
  return {
    ...file,
    directory: resolve(dirname(path), file.directory),
    streamName: file.stream === undefined ? file.producer : `${file.producer}/${file.stream}`,
    showKey: key === true,
  };
}

function readOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      strict: true,
      options: { config: { type: 'string' }, key: { type: 'boolean' } },
    }).values;
  } catch {
    throw new Refusal(OTLP_USAGE);
  }
}
