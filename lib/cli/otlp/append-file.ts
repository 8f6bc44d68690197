import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { z } from 'zod';
import { writeDurably } from '../console/write-durably';
import { Refusal } from '../refusal';

export interface AppendFile<T> {
  /** On disk before it returns. @throws when the disk refuses */
  append(entries: readonly T[]): void;
  close(): void;
}

/**
 * A file of one JSON value a line, that only grows while it is open. A last line that a crash has torn never counted: its
 * writer was told of no success. What `keep` lets go is gone after the next start.
 * @throws Refusal when another line cannot be read
 */
export function openAppendFile<S extends z.ZodType>(
  path: string,
  schema: S,
  keep: (entry: z.infer<S>) => boolean = () => true,
): { entries: z.infer<S>[]; file: AppendFile<z.infer<S>> } {
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
  const format = (list: readonly z.infer<S>[]) => list.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  writeDurably(path, format(entries));
  const descriptor = openSync(path, 'a', 0o600);
  return {
    entries,
    file: {
      append(list) {
        if (list.length === 0) return;
        writeSync(descriptor, format(list));
        fsyncSync(descriptor);
      },
      close: () => closeSync(descriptor),
    },
  };
}
