import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import type { Outbox, PendingRecord } from '@/lib/gateway/outbox';
import { removeDurably, writeDurably } from '../console/write-durably';
import { Refusal } from '../refusal';

const recordFile = z.strictObject({
  stream: z.string(),
  seq: z.int().min(1),
  id: z.string(),
  /** The signed envelope, base64. */
  bytes: z.string(),
});
const settledFile = z.strictObject({ stream: z.string(), seq: z.int().min(1) });

/**
 * One stream's signed but unanswered records, `<directory>/records/<seq>.json`, and the last number that was answered
 * for, `settled.json`. A number is on disk before anybody can sign the next.
 * @throws Refusal when a file cannot be read or is of another stream: a number must never be signed twice
 */
export function openFileOutbox(directory: string, stream: string): Outbox {
  const folder = join(directory, 'records');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const settledPath = join(folder, 'settled.json');
  const { waiting, settled } = readFolder(folder, stream);
  let last = Math.max(settled, ...waiting.keys());
  let lastSettled = settled;
  return {
    lastSeq: async () => last,
    async add(record) {
      const { seq, id } = record;
      const file = { stream, seq, id, bytes: formatBase64(record.bytes) } satisfies z.infer<
        typeof recordFile
      >;
      writeDurably(join(folder, `${seq}.json`), JSON.stringify(file));
      waiting.set(seq, record);
      last = seq;
    },
    async settle({ seq }) {
      if (seq > lastSettled) {
        writeDurably(settledPath, JSON.stringify({ stream, seq } satisfies z.infer<typeof settledFile>));
        lastSettled = seq;
      }
      waiting.delete(seq);
      removeDurably(join(folder, `${seq}.json`));
    },
    pending: async () => [...waiting.values()].sort((a, b) => a.seq - b.seq),
  };
}

function readFolder(
  folder: string,
  stream: string,
): { waiting: Map<number, PendingRecord>; settled: number } {
  const waiting = new Map<number, PendingRecord>();
  let settled = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // Left by a crash before the rename: nobody was given that number.
    if (name.endsWith('.new')) rmSync(path, { force: true });
    else if (name === 'settled.json') settled = readJson(path, settledFile, stream).seq;
    else {
      const { seq, id, bytes } = readJson(path, recordFile, stream);
      const decoded = parseBase64(bytes);
      if (!decoded.ok || name !== `${seq}.json`) throw damaged(path);
      waiting.set(seq, { stream, seq, id, bytes: decoded.value });
    }
  }
  return { waiting, settled };
}

function readJson<T extends { stream: string }>(path: string, schema: z.ZodType<T>, stream: string): T {
  let value: T;
  try {
    value = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw damaged(path);
  }
  if (value.stream !== stream)
    throw new Refusal(
      `The gateway's memory ${path} is of ${value.stream}. Give each producer a directory of its own.`,
    );
  return value;
}

const damaged = (path: string): Refusal =>
  new Refusal(
    `The gateway's memory ${path} is damaged. Restore it from your backup: a gateway that forgets would sign a number twice.`,
  );
