import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isNoteKeyName, NOTE_KEY_TYPE, type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { Refusal } from '../refusal';

export interface WitnessSettings {
  directory: string;
  port: number;
  host: string;
  /** Name in its cosignatures; by convention a host and path that its operator owns. */
  name: string;
  logs: NoteKey[];
}

const USAGE =
  'Usage: countersign witness --directory <directory> --log <verifier key> [--log …] [--port 4080] [--host 127.0.0.1] [--name witness.example.org]';

const OPTIONS = {
  directory: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  name: { type: 'string' },
  log: { type: 'string', multiple: true },
} as const;

/** @throws Refusal naming what is wrong */
export function parseWitnessSettings(args: string[]): WitnessSettings {
  const { directory, port = '4080', host = '127.0.0.1', name = 'countersign-witness', log = [] } = read(args);
  if (!directory || log.length === 0) throw new Refusal(USAGE);
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Refusal('--port is not a port number. Choose one from 1024 to 65535, or 0 for any.');
  if (!isNoteKeyName(name)) throw new Refusal('--name must not hold white space or a plus sign.');
  return { directory: resolve(directory), port: Number(port), host, name, logs: log.map(parseLog) };
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true }).values;
  } catch {
    throw new Refusal(USAGE);
  }
}

function parseLog(vkey: string): NoteKey {
  const key = parseNoteKey(vkey);
  if (!key.ok || key.value.type !== NOTE_KEY_TYPE.ed25519)
    throw new Refusal(
      `--log is not the Ed25519 verifier key of a log (${key.ok ? 'it is a witness’s key' : key.code}). A console shows its own at /api/v1/proof, as log.vkey.`,
    );
  return key.value;
}
