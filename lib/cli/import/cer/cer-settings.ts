import { parseArgs } from 'node:util';
import * as z from 'zod';
import { spiffeId } from '@/lib/decisions/record-payload';

export const CER_USAGE = `Usage: countersign import cer <file or directory>… --console <url> --producer <spiffe id> --key <private key.pem>
         [--trust <nexart-node.json>]… [--json]

Imports Certified Execution Records (alone, in packages, in projects) as decisions of a producer that is registered there.
--key   is the producer's Ed25519 key in PEM (openssl genpkey -algorithm ed25519).
--trust pins the keys of nodes whose attestations are then checked.
The same files again change nothing. Exit code: 0 all imported, 1 something was refused, 64 wrong arguments.`;

export interface CerImportSettings {
  paths: string[];
  console: string;
  producer: string;
  keyPath: string;
  trust: string[];
  json: boolean;
}

/** Null for arguments that make no sense. */
export function parseCerSettings(args: string[]): CerImportSettings | null {
  const read = readArguments(args);
  if (!read) return null;
  const { values, positionals: paths } = read;
  const address = z.url({ protocol: /^https?$/ }).safeParse(values.console);
  const producer = spiffeId.safeParse(values.producer);
  if (!address.success || !producer.success || !values.key || paths.length === 0) return null;
  return {
    paths,
    console: address.data.replace(/\/$/, ''),
    producer: producer.data,
    keyPath: values.key,
    trust: values.trust ?? [],
    json: values.json ?? false,
  };
}

function readArguments(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      strict: true,
      allowPositionals: true,
      options: {
        console: text,
        producer: text,
        key: text,
        trust: { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    });
  } catch {
    return null;
  }
}
