import { join } from 'node:path';
import { z } from 'zod';
import { formatBase64 } from '@/lib/core/encoding';
import { parseId } from '@/lib/core/id';
import type { Outbox, PendingRecord } from '@/lib/gateway/outbox';
import { openFileOutbox } from '../gateway/file-outbox';
import { openAppendFile, openRememberedFile } from './append-file';

const spanLine = z.tuple([z.string(), z.string()]);
export interface SaltLine {
  id: string;
  part: 'input' | 'output';
  salt: string;
}
interface RefusedLine {
  id: string;
  seq: number;
  problem: string;
  /** The signed record in base64. */
  record: string;
}

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
  /** Lets go of spans that ended before `oldestMs`: none of them is taken any more. */
  forget(oldestMs: number): void;
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
  const spans = openRememberedFile(join(directory, 'spans.ndjson'), spanLine, ([id]) =>
    isStillTaken(id, oldestMs),
  );
  const salts = openAppendFile<SaltLine>(join(directory, 'salts.ndjson'));
  const refused = openAppendFile<RefusedLine>(join(directory, 'refused.ndjson'));
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
    keepSalts: (lines) => salts.append(lines),
    keepRefused: ({ id, seq, bytes }, problem) =>
      refused.append([{ id, seq, problem, record: formatBase64(bytes) }]),
    forget(oldestMs) {
      const before = known.size;
      for (const id of known.keys()) if (!isStillTaken(id, oldestMs) && !waiting.has(id)) known.delete(id);
      if (known.size < before) spans.file.replace(known);
    },
    size: () => ({ spans: known.size, waiting: waiting.size }),
    close() {
      for (const file of [spans.file, salts, refused]) file.close();
    },
  };
}

function isStillTaken(id: string, oldestMs: number): boolean {
  const parsed = parseId(id, 'dec');
  return !parsed.ok || parsed.value.unixMs >= oldestMs;
}
