import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type ExportRequest, exportRequest } from '@/lib/evidence/package/export-request';
import { EXPORT_PURPOSES } from '@/lib/evidence/package/manifest';

export const EXPORT_USAGE = `Usage: countersign export --console <url> --email <address> [--organisation <id>]
         (--decision <id> | --case <id>,<id>… | --search <query>)
         --purpose <purpose> [--case-reference <number>] [--recipient <name>] [--payloads]
         --out <file.evidence.zip> [--json]
       countersign export --cer --console <url> --email <address> [--organisation <id>] --decision <id>
         --purpose <purpose> [--case-reference <number>] --out <file.cer.json> [--json]

Signs in as that person; the password is read from COUNTERSIGN_PASSWORD, never from an argument.
Purposes: ${EXPORT_PURPOSES.join(', ')}.
--cer saves one decision as a Certified Execution Record (NexArt cer.ai.execution.v1), contents in clear.
A search of more decisions than one package holds becomes several: <file>, <file>-2, …`;

export interface ExportSettings {
  console: string;
  email: string;
  organisation: string | undefined;
  request: ExportRequest;
  /** Path without its ending. */
  out: string;
  json: boolean;
  /** One decision as a Certified Execution Record instead of a package. */
  cer: boolean;
}

const ENDING = '.evidence.zip';
const CER_ENDING = '.cer.json';

/** Null for arguments that make no sense. */
export function parseExportSettings(args: string[]): ExportSettings | null {
  const values = readArguments(args);
  if (!values) return null;
  const { decision, search, out, email } = values;
  const scopes = [
    ...(decision === undefined ? [] : [{ kind: 'decision', decision }]),
    ...(values.case === undefined ? [] : [{ kind: 'case', decisions: values.case.split(',') }]),
    ...(search === undefined ? [] : [{ kind: 'search', query: search }]),
  ];
  const request = exportRequest.safeParse({
    scope: scopes[0],
    purpose: values.purpose,
    caseReference: values['case-reference'] ?? null,
    recipient: values.recipient ?? null,
    payloads: values.payloads ?? false,
  });
  const address = z.url({ protocol: /^https?$/ }).safeParse(values.console);
  if (!request.success || !address.success || scopes.length !== 1 || !out || !email) return null;
  const { cer = false } = values;
  const isPlain = decision !== undefined && !values.payloads && values.recipient === undefined;
  if (cer && !isPlain) return null;
  const ending = cer ? CER_ENDING : ENDING;
  return {
    console: address.data.replace(/\/$/, ''),
    email,
    organisation: values.organisation,
    request: request.data,
    out: out.endsWith(ending) ? out.slice(0, -ending.length) : out,
    cer,
    json: values.json ?? false,
  };
}

/** Where a Certified Execution Record is saved. */
export function cerPath(out: string): string {
  return `${out}${CER_ENDING}`;
}

/** Where the n-th package of an export is saved, from 1. */
export function packagePath(out: string, n: number): string {
  return `${out}${n === 1 ? '' : `-${n}`}${ENDING}`;
}

function readArguments(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      strict: true,
      options: {
        console: text,
        email: text,
        organisation: text,
        decision: text,
        case: text,
        search: text,
        purpose: text,
        'case-reference': text,
        recipient: text,
        payloads: { type: 'boolean' },
        cer: { type: 'boolean' },
        out: text,
        json: { type: 'boolean' },
      },
    }).values;
  } catch {
    return null;
  }
}
