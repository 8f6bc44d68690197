/**
 * What keeps a drilled console busy, and remembers what it was promised: producers that send records, a gateway and a
 * reviewer that take payments from refusal to redemption, a stranger that keeps every checkpoint it ever saw.
 */
import { createRecordMaker } from '@/lib/cli/bench/bench-producer';
import { readCheckpoint, type Verifier } from '../reference/signed-note';
import type { Approval, approvePayment } from './approval-cycle';

export interface Promised {
  /** Acknowledged records by stream and position, as they were sent. */
  records: Map<string, Map<number, Buffer>>;
  /** Positions that were acknowledged again for the same record, at another place: never allowed. */
  moved: string[];
  /** Approvals that were issued, and whether a redemption of them was acknowledged. */
  approvals: Approval[];
  /** Every distinct checkpoint that was ever served. */
  checkpoints: Buffer[];
}

export interface DrillProducer {
  stream: string;
  keyid: string;
  seed: Uint8Array;
}

const BATCH = 20;

/** Sends until `stopped`; what got no answer is sent again, byte for byte, until it is acknowledged. */
export async function sendRecords(
  origin: string,
  producer: DrillProducer,
  promised: Promised,
  stopped: () => boolean,
): Promise<void> {
  const next = createRecordMaker(producer.stream, producer.keyid, producer.seed);
  const held = new Map<number, Buffer>();
  promised.records.set(producer.stream, held);
  const places = new Map<string, number>();
  let waiting: Buffer[] = [];
  while (!stopped()) {
    if (waiting.length === 0) waiting = Array.from({ length: BATCH }, () => next());
    const answers = await post(origin, waiting);
    if (!answers) {
      await pause(50);
      continue;
    }
    const unanswered: Buffer[] = [];
    for (const [n, record] of waiting.entries()) {
      const answer = answers[n];
      if (answer?.position === undefined) {
        unanswered.push(record);
        continue;
      }
      const id = JSON.parse(record.toString('utf8')).payload as string;
      const before = places.get(id);
      if (before !== undefined && before !== answer.position)
        promised.moved.push(`${producer.stream} ${before} and ${answer.position}`);
      places.set(id, answer.position);
      held.set(answer.position, record);
    }
    waiting = unanswered;
    if (unanswered.length > 0) await pause(50);
  }
}

/** Positions line by line; null when the console was not there to answer. */
async function post(origin: string, records: readonly Buffer[]): Promise<{ position?: number }[] | null> {
  try {
    const response = await fetch(`${origin}/api/v1/records`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status >= 300) return null;
    return (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return null;
  }
}

/** Takes one payment after the other through approval and redemption; an outage only makes it try again. */
export async function approvePayments(
  ask: () => ReturnType<typeof approvePayment>,
  promised: Promised,
  stopped: () => boolean,
): Promise<void> {
  while (!stopped()) {
    const approval = await ask();
    if (approval) promised.approvals.push(approval);
    await pause(approval ? 0 : 100);
  }
}

/** Keeps every distinct checkpoint that the console serves, and checks its signature at once. */
export async function watchCheckpoints(
  origin: string,
  log: Verifier,
  promised: Promised,
  stopped: () => boolean,
): Promise<void> {
  const seen = new Set<string>();
  while (!stopped()) {
    const note = await fetch(`${origin}/log/checkpoint`, { signal: AbortSignal.timeout(5_000) })
      .then(async (response) => (response.ok ? Buffer.from(await response.arrayBuffer()) : null))
      .catch(() => null);
    if (note && !seen.has(note.toString('hex'))) {
      readCheckpoint(note, log);
      seen.add(note.toString('hex'));
      promised.checkpoints.push(note);
    }
    await pause(25);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
