import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal';
import { findHolder } from './data-directory';

/**
 * Takes a directory for this process alone, making it when it is new: two processes over one memory would contradict
 * each other. `owner` is what holds it, in a word: "witness".
 * @returns the release
 * @throws Refusal when another process that still runs holds it
 */
export function claimDirectory(directory: string, owner: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'up.pid');
  const holder = existsSync(file) ? findHolder(directory) : null;
  if (holder !== null && holder !== process.pid)
    throw new Refusal(`The directory ${directory} is in use by another ${owner} (process ${holder}).`);
  rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch {
    throw new Refusal(`The directory ${directory} is being opened by another ${owner}. Try again.`);
  }
  return () => rmSync(file, { force: true });
}
