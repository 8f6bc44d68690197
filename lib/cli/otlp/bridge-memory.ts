import { join } from 'node:path';
import { z } from 'zod';
import { formatBase64 } from '@/lib/core/encoding';
import { parseId } from '@/lib/core/id';
import type { Outbox, PendingRecord } from '@/lib/gateway/outbox';
import { openFileOutbox } from '../gateway/file-outbox';
import { openAppendFile } from './append-file';

const spanLine = z.tuple([z.string(), z.string()]);
const saltLine = z.strictObject({ id: z.string(), part: z.enum(['input', 'output']), salt: z.string() });
const refusedLine = z.strictObject({
  id: z.string(),
  seq: z.int(),
  problem: z.string(),
  record: z.string(),
});
export type SaltLine = z.infer<typeof saltLine>;

/** Signed before this memory knew its span, as after a crash between the two: what it said is not compared. */
export const UNKNOWN = '';

/**
 * What the bridge must not forget, in its own directory: signed records without an answer (`records/`), which spans have
 * records (`spans.ndjson`, for as long as a span is taken), the salts of the digests (`salts.ndjson`: with one of them and
 * the span's text, anybody can prove what was digested), and records that the console refused (`refused.ndjson`).
 */
export interface BridgeMemory {
  outbox: Outbox;
  /** The fingerprint of the span that this record was made from; null when there is none, `UNKNOWN` when it is not known. */
  fingerprintOf(id: string): string | null;
  /** Says what a record in the outbox was made from. */
  remember(id: string, fingerprint: string): void;
  keepSalts(salts: readonly SaltLine[]): void;
  keepRefused(record: PendingRecord, problem: string): void;
  size(): { spans: number; waiting: number };
  close(): void;
}

/** @param oldestMs spans that ended before are not taken any more, and so need not be remembered */
export async function openBridgeMemory(
  directory: string,
  stream: string,
  oldestMs: number,
): Promise<BridgeMemory> {
  const outbox = openFileOutbox(directory, stream);
  const spans = openAppendFile(join(directory, 'spans.ndjson'), spanLine, ([id]) => {
    const parsed = parseId(id, 'dec');
    return !parsed.ok || parsed.value.unixMs >= oldestMs;
  });
  const salts = openAppendFile(join(directory, 'salts.ndjson'), saltLine);
  const refused = openAppendFile(join(directory, 'refused.ndjson'), refusedLine);
  const known = new Map<string, string>(spans.entries);
  const waiting = new Set((await outbox.pending(stream)).map(({ id }) => id));
  const remember = (id: string, fingerprint: string) => {
    known.set(id, fingerprint);
    spans.file.append([[id, fingerprint]]);
  };
  for (const id of waiting) if (!known.has(id)) remember(id, UNKNOWN);
  return {
    outbox: {
      ...outbox,
      async add(record) {
        await outbox.add(record);
        waiting.add(record.id);
      },
      async settle(record) {
        await outbox.settle(record);
        waiting.delete(record.id);
      },
    },
    fingerprintOf: (id) => known.get(id) ?? null,
    remember,
    keepSalts: (lines) => salts.file.append(lines),
    keepRefused: ({ id, seq, bytes }, problem) =>
      refused.file.append([{ id, seq, problem, record: formatBase64(bytes) }]),
    size: () => ({ spans: known.size, waiting: waiting.size }),
    close() {
      for (const { file } of [spans, salts, refused]) file.close();
    },
  };
}
