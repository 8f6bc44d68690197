import './strict-worker';
import { prepareFastHash } from '@/lib/core/fast-hash';
import { verifyLeaves } from '@/lib/evidence/verify-leaves';
import { verifyRange } from '@/lib/evidence/verify-range';
import { createHttpSource } from './http-source';
import type { LaneAnswer, LaneReport, LaneRequest } from './lane-protocol';

/** The library for pages has no worker scope; this is the part of it that is used. */
const scope = globalThis as unknown as {
  postMessage(answer: LaneAnswer): void;
  onmessage: ((message: MessageEvent<LaneRequest>) => void) | null;
};

const prepared = prepareFastHash();
const source = createHttpSource();

/** Told seldom enough that telling costs nothing beside the work. */
const COUNT_BETWEEN = 1_000;

scope.onmessage = ({ data }) => {
  work(data).then(
    (report) => scope.postMessage({ id: data.id, type: 'done', report }),
    (error: unknown) =>
      scope.postMessage({
        id: data.id,
        type: 'failed',
        message: error instanceof Error ? error.message : 'unknown',
      }),
  );
};

async function work(request: LaneRequest): Promise<LaneReport[keyof LaneReport]> {
  await prepared;
  let count = 0;
  let bytes = 0;
  const flush = () => {
    if (count > 0) scope.postMessage({ id: request.id, type: 'progress', count, bytes });
    count = 0;
    bytes = 0;
  };
  const add = (more: number, moreBytes: number) => {
    count += more;
    bytes += moreBytes;
    if (count >= COUNT_BETWEEN) flush();
  };
  const report =
    request.type === 'range'
      ? await verifyRange(request.job, source.records(request.job.stream, request.job.from, request.job.to), {
          record: (size) => add(1, size),
        })
      : await verifyLeaves(request.job, source, { leaves: add });
  flush();
  return report;
}
