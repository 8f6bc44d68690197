import { parseArgs } from 'node:util';

export const CONFORM_USAGE = `Usage: countersign conform <file>… [--key <file>]… [--json]

Says line by line what records miss: schema, signature, sequence, tokens instead of identifiers, guardrail scores, versions
precise enough to tell before from after. Files: one DSSE envelope each, or NDJSON of many ('-' reads standard input).
--key    an Ed25519 public key of the producer: PEM, JWK, hex or base64url. Without one, signatures are not checked.
Exit code: 0 complete, 1 something would be refused, 2 something is missing, 64 wrong arguments.`;

export interface ConformSettings {
  files: string[];
  keys: string[];
  json: boolean;
}

/** Null for arguments that make no sense. */
export function parseConformSettings(args: string[]): ConformSettings | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: { key: { type: 'string', multiple: true }, json: { type: 'boolean' } },
    });
    if (positionals.length === 0) return null;
    return { files: positionals, keys: values.key ?? [], json: values.json ?? false };
  } catch {
    return null;
  }
}
