import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createWitness, type Witness } from '@/lib/cli/witness/create-witness';
import { serveWitness } from '@/lib/cli/witness/serve-witness';
import { openWitnessStore } from '@/lib/cli/witness/witness-store';
import { utf8 } from '@/lib/core/bytes';
import { checkpointKeyOf } from '@/lib/integrity/checkpoint';
import { getPool } from '../../database/pool';
import { logSigner } from '../../log/log-head';
import { openLog } from '../../log/open-log';
import { sequence } from '../../log/sequence';
import { ingestRecords } from '../../records/ingest';
import { createTestProducer, createTestTenant, type TestProducer } from '../../testing/test-producer';
import { claimJob } from '../claim-job';
import { pinTrustRoots } from '../pin-trust-roots';
import { type JobOutcome, runJob } from '../run-job';
import { scheduleStamps } from '../schedule-stamps';
import { addWitness } from '../write-witness';

export interface LocalWitness extends Witness {
  url: string;
}

/** A C2SP witness of this console's log on a port of its own, ended with the test file. */
export async function startLocalWitness(name: string, seed: number): Promise<LocalWitness> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-witness-'));
  const witness = createWitness({
    name,
    seed: new Uint8Array(32).fill(seed),
    logs: [checkpointKeyOf(logSigner())],
    store: openWitnessStore(directory),
    nowMs: Date.now,
  });
  const served = await serveWitness(witness, { port: 0, host: '127.0.0.1' });
  afterAll(async () => {
    await served.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return { ...witness, url: `http://127.0.0.1:${served.port}` };
}

/** Something that listens and answers as it likes. */
export async function startServer(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Registers a C2SP witness at `address`, which may be on this machine unless told otherwise. */
export async function registerWitness(
  name: string,
  {
    vkey,
    address,
    everySeconds = 0,
    allowPrivate = true,
  }: {
    vkey: string;
    address: string;
    everySeconds?: number;
    allowPrivate?: boolean;
  },
): Promise<void> {
  await addWitness({
    name,
    type: 'c2sp',
    everySeconds,
    settings: { address, vkey },
    allowPrivate,
    by: 'test',
  });
}

export async function pinKey(vkey: string): Promise<void> {
  await pinTrustRoots({ file: 'witness.vkey', bytes: utf8(`${vkey}\n`), by: 'test' });
}

export interface TestLog {
  tenant: string;
  producer: TestProducer;
  /** Adds records and publishes a checkpoint over them. @returns its size */
  publish(count?: number): Promise<number>;
}

export async function openTestLog(tenant: string): Promise<TestLog> {
  await createTestTenant(tenant);
  const producer = await createTestProducer(tenant);
  await openLog();
  return {
    tenant,
    producer,
    async publish(count = 3) {
      await ingestRecords(
        null,
        Array.from({ length: count }, () => producer.record()),
      );
      const done = await sequence({ force: true });
      if (done.outcome !== 'published') throw new Error(done.outcome);
      return done.size;
    },
  };
}

/** Schedules what is due and does every job that is, as the loop would, at one moment. */
export async function runDue({
  nowMs = Date.now(),
  random = 0,
  signal = new AbortController().signal,
}: {
  nowMs?: number;
  random?: number;
  signal?: AbortSignal;
} = {}): Promise<JobOutcome[]> {
  await scheduleStamps(nowMs);
  const outcomes: JobOutcome[] = [];
  for (let job = await claimJob(nowMs); job; job = signal.aborted ? null : await claimJob(nowMs)) {
    outcomes.push(await runJob(job, { signal, nowMs: () => nowMs, random: () => random }));
  }
  return outcomes;
}

export async function listReceipts(witness: string): Promise<{ size: number; n: number; state: string }[]> {
  const rows = await getPool().query<{ size: number; n: number; state: string }>(
    'SELECT size, n, state FROM receipts WHERE witness = $1 ORDER BY size, n',
    [witness],
  );
  return rows.rows;
}

export async function listJobs(
  witness: string,
): Promise<{ kind: string; size: number; attempts: number; last_error: string | null; next_at: Date }[]> {
  const rows = await getPool().query(
    'SELECT kind, size, attempts, last_error, next_at FROM witness_jobs WHERE witness = $1 ORDER BY kind, size',
    [witness],
  );
  return rows.rows;
}
