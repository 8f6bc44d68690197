import './strict-worker';
import { prepareFastHash } from '@/lib/core/fast-hash';
import { verifyDecision } from '@/lib/evidence/verify-decision';
import { verifyEverything } from '@/lib/evidence/verify-everything';
import { createHttpSource } from './http-source';
import { readMemory, rememberCheckpoint, rememberPoints, rememberRun } from './memory';
import { listPinnedRoots } from './pinned-roots';
import type { VerificationEvent, VerificationRequest } from './protocol';
import { createThrottle } from './throttle';
import { createWorkerLanes } from './worker-lanes';

/** The library for pages has no worker scope; this is the part of it that is used. */
const scope = globalThis as unknown as {
  postMessage(event: VerificationEvent): void;
  onmessage: ((message: MessageEvent<VerificationRequest>) => void) | null;
};
const tell = (event: VerificationEvent) => scope.postMessage(event);

let paused: { wait: Promise<void>; go: () => void } | null = null;
const gate = async () => {
  if (paused) await paused.wait;
};

scope.onmessage = ({ data }) => {
  if (data.type === 'pause') {
    if (paused) return;
    let go = () => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    paused = { wait, go };
  } else if (data.type === 'resume') {
    paused?.go();
    paused = null;
  } else {
    const run = data.type === 'decision' ? runDecision(data) : runTenant(data);
    run.then(
      () => tell({ type: 'done' }),
      (error: unknown) =>
        tell({ type: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
    );
  }
};

const openLanes = (threads: number) =>
  createWorkerLanes(() => new Worker(new URL('./lane.worker.ts', import.meta.url), { type: 'module' }), {
    gate,
    threads,
  });

/** Pages redraw at most so often. */
const TELL_EVERY_MS = 100;

async function runDecision({
  detail,
  material,
  fromStart,
  threads,
}: Extract<VerificationRequest, { type: 'decision' }>): Promise<void> {
  await prepareFastHash();
  const origin = material.log?.origin ?? 'no log';
  const streams = material.streams.map(({ stream }) => stream);
  const remembered = await readMemory(origin, streams, { own: true });
  const lanes = openLanes(threads);
  const progress = createThrottle(TELL_EVERY_MS, tell);
  // What this person pinned here stands beside what the console says it pinned, and before it.
  const own = await listPinnedRoots();
  const believed = { ...material, trust: [...own, ...material.trust] };
  const result = await verifyDecision(detail, believed, createHttpSource({ gate }), {
    clock: () => performance.now(),
    nowMs: Date.now(),
    memory: { points: fromStart ? new Map() : remembered.points, checkpoint: remembered.checkpoint },
    lanes,
    running: ({ id, title }) => tell({ type: 'running', id, title }),
    check: (check) => tell({ type: 'check', check }),
    progress: (told) => progress({ type: 'progress', ...told }),
  });
  lanes.close();
  for (const { stream, points } of result.points) await rememberPoints(origin, stream, points);
  if (result.checkpoint) await rememberCheckpoint(origin, result.checkpoint, { own: true });
}

/** One that cannot be read does not stop the others. */
async function runTenant({
  material,
  fromStart,
  threads,
}: Extract<VerificationRequest, { type: 'tenant' }>): Promise<void> {
  await prepareFastHash();
  const origin = material.log?.origin ?? 'no log';
  const streams = material.streams.map(({ stream }) => stream);
  const lanes = openLanes(threads);
  const progress = createThrottle(TELL_EVERY_MS, tell);
  const logProgress = createThrottle(TELL_EVERY_MS, tell);
  // Points are written one after the other, beside the work.
  let written = Promise.resolve();
  const report = await verifyEverything(material, createHttpSource({ gate }), {
    nowMs: Date.now(),
    memory: await readMemory(origin, streams, { own: true }),
    fromStart,
    lanes,
    running: (name) => tell({ type: 'running', id: name, title: name }),
    logProgress: (told) => logProgress({ type: 'log-progress', ...told }),
    progress: (told) => progress({ type: 'progress', ...told }),
    finding: (stream, finding) => tell({ type: 'finding', stream, finding }),
    log: (checks) => tell({ type: 'log', checks }),
    stream: (result) => tell({ type: 'stream', result }),
    points: (stream, points) => {
      written = written.then(() => rememberPoints(origin, stream, points));
    },
  });
  lanes.close();
  await written;
  if (report.checkpoint) await rememberCheckpoint(origin, report.checkpoint, { own: true });
  const checks = [...report.log, ...report.streams.flatMap((stream) => stream.checks)];
  await rememberRun(
    origin,
    {
      atMs: Date.now(),
      records: report.streams.reduce((n, { records }) => n + records, 0),
      whole: report.whole,
    },
    report.point,
  );
  if (checks.length === 0) throw new Error('the console named nothing to verify');
}
