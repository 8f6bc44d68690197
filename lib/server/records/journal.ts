import { utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import type { RecordKind } from '@/lib/decisions/record-payload';
import { MAX_RECORD_BYTES, signEnvelope } from '@/lib/integrity/dsse';
import { projectRecord } from '@/lib/producers/project-record';
import { nowMs } from '../clock';
import { consoleProducer, consoleStream } from '../config';
import type { Tx } from '../database/transaction';
import { getSigningKey, type SigningKey } from '../keys/key-directory';
import { lockStream } from './lock-stream';
import { readRecordPayload } from './read-stored-record';
import { type CheckedRecord, follow, type WrittenRecord, writeRecords } from './write-records';

export interface JournalEntry {
  tenant: string;
  kind: RecordKind;
  /** Unique within `console/<tenant>`. */
  id: string;
  /** I-JSON without floats, digests and tokens instead of personal data; undefined members are left out. */
  body: Record<string, unknown>;
  occurredAtMs: number;
}

export interface JournalledRecord {
  stream: string;
  /** From 1. */
  position: number;
  /** 64 bytes. */
  link: Uint8Array;
  recordId: string;
  /** The signed envelope as stored. */
  bytes: Uint8Array;
}

/** A tenant's console stream, locked: what is entered has its place and its link at once, and is stored by `write`. */
export interface OpenJournal {
  /** @throws Error when the body is not what the kind's schema or I-JSON allows (a bug of the caller) */
  enter(entry: Omit<JournalEntry, 'tenant'>): JournalledRecord;
  /** Stores everything entered, in one statement. Once. @throws Error when an id was used before (a bug of the caller) */
  write(): Promise<void>;
}

/**
 * Opens the journal for several entries that belong together, each of which may name the one before. Nothing else may
 * be journalled for this tenant in the caller's transaction until `write` was called: it would take the same places.
 * @param options.signer the key that is coming into force with these very records
 */
export async function openJournal(
  tx: Tx,
  tenant: string,
  options: { signer?: SigningKey | undefined } = {},
): Promise<OpenJournal> {
  const stream = consoleStream(tenant);
  const producer = consoleProducer();
  const head = await lockStream(tx, { stream, tenant, producer });
  // Asked after the wait for the lock: a key that was retired meanwhile signs nothing more.
  const key = options.signer ?? getSigningKey('journal');
  const entered: CheckedRecord[] = [];
  const written: WrittenRecord[] = [];
  let { lastSeq } = head;
  return {
    enter: ({ kind, id, body, occurredAtMs }) => {
      const seq = lastSeq + 1;
      const occurredAt = formatInstant(occurredAtMs);
      const text = JSON.stringify({ kind, id, producer, stream, seq, occurred_at: occurredAt, body });
      // The console holds itself to the rules of every producer.
      const record = readRecordPayload(text);
      const bytes = signEnvelope(utf8(text), key.keyid, key.seed);
      if (bytes.length > MAX_RECORD_BYTES)
        throw new Error(`journal: a ${kind} record of ${bytes.length} bytes`);
      entered.push({ bytes, id, kind, seq, projection: projectRecord(record) });
      lastSeq = seq;
      const place = follow(written.at(-1) ?? head, bytes);
      written.push(place);
      return { stream, ...place, recordId: id, bytes };
    },
    write: async () => {
      await writeRecords(tx, head, entered, { acceptedAtMs: nowMs(), lastSeq, written });
    },
  };
}

/**
 * Signs what the console did with its journal key and appends it to `console/<tenant>` in the caller's transaction:
 * the act and its record become durable together, or neither does. Call it last: it locks the stream's head.
 * @param options.signer the key that is coming into force with this very record
 * @throws Error as entering and writing do
 */
export async function journal(
  tx: Tx,
  { tenant, ...entry }: JournalEntry,
  options: { signer?: SigningKey | undefined } = {},
): Promise<JournalledRecord> {
  const open = await openJournal(tx, tenant, options);
  const record = open.enter(entry);
  await open.write();
  return record;
}
