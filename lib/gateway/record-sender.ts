import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import type { JsonObject } from '@/lib/core/json';
import { MAX_RECORD_BYTES, signEnvelope } from '@/lib/integrity/dsse';
import { failure, type GatewayResult } from './gateway-result';
import { createMemoryOutbox, type Outbox, type PendingRecord } from './outbox';
import type { Transport } from './transport';
import { recordAnswer } from './wire';

/** What a producer records of itself; sequence number, time and signature are added here. */
export type NewRecord = {
  kind: 'decision' | 'action.outcome' | 'change' | 'heartbeat' | 'incident' | 'refusal';
  /** Unique in the stream. */
  id: string;
  body: JsonObject;
  /** Milliseconds since the epoch; default: now. */
  occurredAtMs?: number;
};

export type RecordReceipt = {
  id: string;
  seq: number;
  /** `duplicate`: it was there already, with the same bytes. */
  status: 'accepted' | 'duplicate';
  /** Position in the stream, from 1. */
  position: number;
};

export interface RecordSender {
  /** Signs and sends one record; resolves when it is durable and chained. */
  record(record: NewRecord): Promise<GatewayResult<RecordReceipt>>;
  recordMany(records: readonly NewRecord[]): Promise<GatewayResult<RecordReceipt>[]>;
  /** Sends what an earlier process signed and never got an answer for. Call once after a restart. */
  resume(): Promise<GatewayResult<RecordReceipt>[]>;
}

const MAX_LINES = 1_000;
const MAX_BATCH_BYTES = 8 * 1_048_576;
const REPEATABLE = 4;
const NEWLINE = Uint8Array.of(10);

type Waiting = PendingRecord & { done: (result: GatewayResult<RecordReceipt>) => void };

/**
 * One stream's records, in the order of their sequence numbers. Records that are asked for while a request is under way
 * travel together in the next one. A record is kept in the outbox from its signature to its answer, so that a lost
 * answer or a restart sends the same bytes again, which the console takes for what they are.
 */
export function createRecordSender(options: {
  transport: Transport;
  producerId: string;
  stream: string;
  keyid: string;
  seed: Uint8Array;
  outbox?: Outbox;
  /** Which refusals end a record; any other keeps it for `resume`. Default: all but an outage of the console's database. */
  isFinal?: (problem: string) => boolean;
  /** A record that was refused for good, before it leaves the outbox. */
  onRefused?: (record: PendingRecord, problem: string) => void;
}): RecordSender {
  const { transport, stream } = options;
  const outbox = options.outbox ?? createMemoryOutbox();
  const isFinal = options.isFinal ?? ((problem) => problem !== 'database_unavailable');
  const queue: Waiting[] = [];
  let pumping = false;
  let signing: Promise<unknown> = Promise.resolve();

  /** Numbers are given one at a time, and are in the outbox before anyone else gets the next. */
  function sign(record: NewRecord): Promise<GatewayResult<PendingRecord>> {
    const signed = signing.then(async (): Promise<GatewayResult<PendingRecord>> => {
      const seq = (await outbox.lastSeq(stream)) + 1;
      const payload = utf8(
        JSON.stringify({
          kind: record.kind,
          id: record.id,
          producer: options.producerId,
          stream,
          seq,
          occurred_at: formatInstant(record.occurredAtMs ?? transport.now()),
          body: record.body,
        }),
      );
      const bytes = signEnvelope(payload, options.keyid, options.seed);
      if (bytes.length > MAX_RECORD_BYTES) return failure('refused', { problem: 'record_too_large' });
      const pending = { stream, seq, id: record.id, bytes };
      await outbox.add(pending);
      return { ok: true, value: pending };
    });
    signing = signed.catch(() => {});
    return signed;
  }

  function enqueue(pending: PendingRecord): Promise<GatewayResult<RecordReceipt>> {
    return new Promise((done) => {
      queue.push({ ...pending, done });
      if (!pumping) void pump();
    });
  }

  async function pump(): Promise<void> {
    pumping = true;
    // Records asked for in the same turn of the event loop join the first request.
    await Promise.resolve();
    while (queue.length > 0) await deliver(takeBatch(queue));
    pumping = false;
  }

  async function deliver(batch: readonly Waiting[]): Promise<void> {
    const answer = await transport.send({
      method: 'POST',
      path: '/api/v1/records',
      headers: { 'content-type': 'application/x-ndjson' },
      body: concatBytes(...batch.flatMap(({ bytes }) => [bytes, NEWLINE])),
      attempts: REPEATABLE,
      timeoutMs: 60_000,
    });
    const lines = answer.ok ? answer.value.split('\n') : [];
    for (const [index, waiting] of batch.entries()) {
      const result = answer.ok ? readLine(lines[index], index + 1, waiting) : answer;
      const retryable = !result.ok && (result.problem === undefined || !isFinal(result.problem));
      if (!result.ok && !retryable) options.onRefused?.(waiting, result.problem ?? 'unknown');
      // What cannot be settled stays pending and is sent again by `resume`, which the console takes for a duplicate.
      if (!retryable) await outbox.settle(waiting).catch(() => {});
      waiting.done(result);
    }
  }

  async function record(entry: NewRecord): Promise<GatewayResult<RecordReceipt>> {
    const pending = await sign(entry);
    return pending.ok ? enqueue(pending.value) : pending;
  }

  return {
    record,
    recordMany: (records) => Promise.all(records.map(record)),
    resume: async () => Promise.all((await outbox.pending(stream)).map(enqueue)),
  };
}

function takeBatch(queue: Waiting[]): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const waiting of queue) {
    bytes += waiting.bytes.length + 1;
    if (count > 0 && (count >= MAX_LINES || bytes > MAX_BATCH_BYTES)) break;
    count++;
  }
  return queue.splice(0, count);
}

function readLine(text: string | undefined, line: number, sent: PendingRecord): GatewayResult<RecordReceipt> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return failure('response_malformed', { detail: `line ${line}` });
  }
  const answer = recordAnswer.safeParse(value);
  if (!answer.success || answer.data.line !== line)
    return failure('response_malformed', { detail: `line ${line}` });
  const { status, code, detail, position } = answer.data;
  if (status === 'refused') {
    return failure('refused', { problem: code ?? 'unknown', ...(detail === undefined ? {} : { detail }) });
  }
  if (position === undefined) return failure('response_malformed', { detail: `line ${line}` });
  return { ok: true, value: { id: sent.id, seq: sent.seq, status, position } };
}
