import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { z } from 'zod';
import { writeDurably } from '../console/write-durably';
import { Refusal } from '../refusal';

export interface AppendFile<T> {
  /** On disk before it returns. @throws when the disk refuses */
  append(entries: readonly T[]): void;
  close(): void;
}

/** One whose content may be thinned out while it is open. */
export interface RememberedFile<T> extends AppendFile<T> {
  /** These and nothing else, on disk before it returns. @throws when the disk refuses */
  replace(entries: Iterable<T>): void;
}

/**
 * A file of one JSON value a line that is read when it is opened. A last line that a crash has torn never counted: its
 * writer was told of no success. What `keep` lets go is gone from then on.
 * @throws Refusal when another line cannot be read
 */
export function openRememberedFile<S extends z.ZodType>(
  path: string,
  schema: S,
  keep: (entry: z.infer<S>) => boolean,
): { entries: z.infer<S>[]; file: RememberedFile<z.infer<S>> } {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const entries = text
    .split('\n')
    .slice(0, -1)
    .map((line): z.infer<S> => {
      try {
        return schema.parse(JSON.parse(line));
      } catch {
        throw new Refusal(
          `The bridge's memory ${path} is damaged. Restore it from your backup: a bridge that forgets would record a span twice.`,
        );
      }
    })
    .filter(keep);
  let file: AppendFile<z.infer<S>> | null = null;
  const replace = (list: Iterable<z.infer<S>>) => {
    writeDurably(path, format(list));
    file?.close();
    file = openAppendFile(path);
  };
  replace(entries);
  return {
    entries,
    file: { append: (list) => file?.append(list), close: () => file?.close(), replace },
  };
}

/**
 * A file of one JSON value a line that is only written: it grows for years, so nothing of it is read but its end, where a
 * line that a crash has torn is cut off.
 */
export function openAppendFile<T>(path: string): AppendFile<T> {
  cutTornLine(path);
  const descriptor = openSync(path, 'a', 0o600);
  return {
    append(list) {
      if (list.length === 0) return;
      writeSync(descriptor, format(list));
      fsyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}

const format = (list: Iterable<unknown>) =>
  Array.from(list, (entry) => `${JSON.stringify(entry)}\n`).join('');

const LOOK_BYTES = 65_536;

function cutTornLine(path: string): void {
  if (!existsSync(path)) return;
  const descriptor = openSync(path, 'r+');
  try {
    const { size } = fstatSync(descriptor);
    const looked = Buffer.alloc(LOOK_BYTES);
    for (let end = size; end > 0; end -= LOOK_BYTES) {
      const from = Math.max(0, end - LOOK_BYTES);
      const read = looked.subarray(0, readSync(descriptor, looked, 0, end - from, from));
      const whole = from + read.lastIndexOf(0x0a) + 1;
      if (whole === from && from > 0) continue;
      if (whole < size) ftruncateSync(descriptor, whole);
      fsyncSync(descriptor);
      return;
    }
  } finally {
    closeSync(descriptor);
  }
}
