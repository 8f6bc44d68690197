/**
 * Group commit: requests for one stream that wait together are appended together, so that one durable commit serves
 * them all. Streams do not wait for each other, up to a bound that leaves connections for everything else.
 */
import { nowMs } from '../clock';
import { getConfig } from '../config';
import { inTransaction } from '../database/transaction';
import { describeError } from '../describe-error';
import { isDatabaseOutage, ServiceError } from '../errors';
import { sharedSingleton } from '../shared-singleton';
import { appendToStream } from './append-to-stream';
import type { Submission } from './check-record';
import { type RecordResult, refused } from './record-result';

const MAX_BATCH_RECORDS = 2_000;
const MAX_BATCH_BYTES = 8 * 1_048_576;

interface Waiting {
  submissions: readonly Submission[];
  resolve(results: RecordResult[]): void;
}

interface StreamQueue {
  name: string;
  waiting: Waiting[];
  running: boolean;
}

interface AppendQueue {
  streams: Map<string, StreamQueue>;
  /** Streams with work that wait for a free slot. */
  ready: StreamQueue[];
  active: number;
}

/** Offers checked records of one stream and producer; resolves when they are durable or refused, never rejects. */
export function enqueueAppend(submissions: readonly Submission[]): Promise<RecordResult[]> {
  const first = submissions[0];
  if (!first) return Promise.resolve([]);
  const queue = sharedSingleton(
    'append-queue',
    (): AppendQueue => ({ streams: new Map(), ready: [], active: 0 }),
  );
  const name = `${first.producer}\n${first.stream}`;
  return new Promise((resolve) => {
    let stream = queue.streams.get(name);
    if (!stream) {
      stream = { name, waiting: [], running: false };
      queue.streams.set(name, stream);
    }
    stream.waiting.push({ submissions, resolve });
    if (!stream.running) {
      stream.running = true;
      queue.ready.push(stream);
      startReady(queue);
    }
  });
}

function startReady(queue: AppendQueue): void {
  const slots = Math.max(1, getConfig().poolSize - 4);
  while (queue.active < slots) {
    const stream = queue.ready.shift();
    if (!stream) return;
    queue.active++;
    void drain(stream).finally(() => {
      queue.active--;
      // A stream that asked again meanwhile stands in `ready` and keeps its queue.
      if (!stream.running) queue.streams.delete(stream.name);
      startReady(queue);
    });
  }
}

async function drain(stream: StreamQueue): Promise<void> {
  while (stream.waiting.length > 0) {
    const group = takeGroup(stream.waiting);
    const results = await appendGroup(group.flatMap(({ submissions }) => submissions));
    let next = 0;
    for (const { submissions, resolve } of group) {
      resolve(results.slice(next, next + submissions.length));
      next += submissions.length;
    }
  }
  stream.running = false;
}

/** Whole requests in order of arrival, at least one. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const group: Waiting[] = [];
  let records = 0;
  let bytes = 0;
  while (waiting[0]) {
    const next = waiting[0];
    records += next.submissions.length;
    for (const submission of next.submissions) bytes += submission.bytes.length;
    if (group.length > 0 && (records > MAX_BATCH_RECORDS || bytes > MAX_BATCH_BYTES)) break;
    group.push(next);
    waiting.shift();
  }
  return group;
}

/**
 * One transaction. When PostgreSQL refuses a value in it, the group is halved until the refused record stands alone:
 * one producer's bad record never takes its neighbours down.
 */
async function appendGroup(submissions: readonly Submission[]): Promise<RecordResult[]> {
  try {
    return await inTransaction((tx) => appendToStream(tx, submissions, nowMs()));
  } catch (error) {
    if (error instanceof ServiceError || isDatabaseOutage(error) || submissions.length === 1) {
      return submissions.map((submission) => refusal(error, submission));
    }
    const middle = Math.ceil(submissions.length / 2);
    const left = await appendGroup(submissions.slice(0, middle));
    return [...left, ...(await appendGroup(submissions.slice(middle)))];
  }
}

function refusal(error: unknown, { stream, id }: Submission): RecordResult {
  if (error instanceof ServiceError) return refused(error.code, error.detail, { stream, id });
  if (isDatabaseOutage(error)) return refused('database_unavailable', undefined, { stream, id });
  console.error('append failed:', describeError(error));
  return refused('internal', 'The record was not stored; the cause is in the log.', { stream, id });
}
