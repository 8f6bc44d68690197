import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `text` the content of a file so that after a crash it is there whole or not at all: written aside, flushed,
 * renamed, the directory flushed. Mode 0600.
 * @throws when the disk refuses; the file is then whatever the disk says
 */
export function writeDurably(path: string, text: string): void {
  flush(openSync(`${path}.new`, 'w', 0o600), text);
  renameSync(`${path}.new`, path);
  flush(openSync(dirname(path), 'r'), '');
}

/** Removes a file, durably. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  flush(openSync(dirname(path), 'r'), '');
}

function flush(file: number, text: string): void {
  try {
    if (text !== '') writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
