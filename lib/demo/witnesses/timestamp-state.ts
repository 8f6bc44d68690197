import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const state = z.strictObject({ serial: z.int().nonnegative(), genTimeMs: z.int().nonnegative() });
export type TimestampState = z.infer<typeof state>;

const STATE_FILE = 'state.json';

/** The last serial number and time that were given, zeros before the first. */
export function readTimestampState(directory: string): TimestampState {
  const path = join(directory, STATE_FILE);
  if (!existsSync(path)) return { serial: 0, genTimeMs: 0 };
  return state.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Written before the token goes out, so that no serial number is ever given twice. */
export function writeTimestampState(directory: string, next: TimestampState): void {
  const path = join(directory, STATE_FILE);
  writeFileSync(`${path}.new`, JSON.stringify(next), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
