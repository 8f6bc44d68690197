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
import { writeRecords } from './write-records';

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

/**
 * Signs what the console did with its journal key and appends it to `console/<tenant>` in the caller's transaction:
 * the act and its record become durable together, or neither does. Call it last: it locks the stream's head.
 * @param options.signer the key that is coming into force with this very record
 * @throws Error when the body is not what the kind's schema or I-JSON allows, or the id was used (a bug of the caller)
 */
export async function journal(
  tx: Tx,
  entry: JournalEntry,
  options: { signer?: SigningKey | undefined } = {},
): Promise<JournalledRecord> {
  const stream = consoleStream(entry.tenant);
  const producer = consoleProducer();
  const head = await lockStream(tx, { stream, tenant: entry.tenant, producer });
  // Asked after the wait for the lock: a key that was retired meanwhile signs nothing more.
  const key = options.signer ?? getSigningKey('journal');
  const seq = head.lastSeq + 1;
  const text = JSON.stringify({
    kind: entry.kind,
    id: entry.id,
    producer,
    stream,
    seq,
    occurred_at: formatInstant(entry.occurredAtMs),
    body: entry.body,
  });
  // The console holds itself to the rules of every producer.
  const record = readRecordPayload(text);
  const bytes = signEnvelope(utf8(text), key.keyid, key.seed);
  if (bytes.length > MAX_RECORD_BYTES)
    throw new Error(`journal: a ${entry.kind} record of ${bytes.length} bytes`);
  const { written } = await writeRecords(
    tx,
    head,
    [{ bytes, id: entry.id, kind: entry.kind, seq, projection: projectRecord(record) }],
    { acceptedAtMs: nowMs(), lastSeq: seq },
  );
  const { position, link } = written[0] as { position: number; link: Uint8Array };
  return { stream, position, link, recordId: entry.id, bytes };
}
