import { parseArgs } from 'node:util';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustHints } from '@/lib/evidence/trust/trust-hints';

export const VERIFY_USAGE = `Usage: countersign verify <file>… [--trust [kind=]<file>]… [--json]
       countersign verify --log <url> --vkey <verifier key> [--json]

Files: evidence package, approval token, record, checkpoint, proof of inclusion, time stamp (.tsr), .ots, ledger receipt,
Rekor entry, Certified Execution Record. A receipt is checked with the file that it stamps, given beside it.
--trust pins what is believed: a trust file, PEM or DER certificates, note keys, a JWKS, trusted_root.json, block headers.
        A bare public key needs its kind: --trust rekor-log=key.pem
        (${Object.keys(ROOT_WORDS).join(', ')})
Exit code: 0 all VALID, 1 something INVALID, 2 something NOT CHECKED, 64 wrong arguments.`;

export interface TrustArgument {
  path: string;
  hints: TrustHints;
}

export type VerifySettings =
  | { mode: 'files'; files: string[]; trust: TrustArgument[]; json: boolean }
  | { mode: 'log'; url: string; vkey: string; json: boolean };

/** Null for arguments that make no sense. */
export function parseVerifySettings(args: string[]): VerifySettings | null {
  const read = readArguments(args);
  if (!read) return null;
  const { values, positionals } = read;
  const { json = false, trust = [], log, vkey } = values;
  if (log !== undefined || vkey !== undefined) {
    const isWhole = log !== undefined && vkey !== undefined && positionals.length === 0 && trust.length === 0;
    return isWhole && /^https?:\/\//.test(log)
      ? { mode: 'log', url: log.replace(/\/$/, ''), vkey, json }
      : null;
  }
  if (positionals.length === 0) return null;
  return { mode: 'files', files: positionals, trust: trust.map(readTrust), json };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: {
        trust: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        log: { type: 'string' },
        vkey: { type: 'string' },
      },
    });
  } catch {
    return null;
  }
}

/** `rekor-log=key.pem`, or a path. */
function readTrust(text: string): TrustArgument {
  const equals = text.indexOf('=');
  const kind = text.slice(0, equals);
  return equals > 0 && Object.hasOwn(ROOT_WORDS, kind)
    ? { path: text.slice(equals + 1), hints: { as: kind as keyof typeof ROOT_WORDS } }
    : { path: text, hints: {} };
}
