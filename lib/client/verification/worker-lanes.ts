import type { RangeLanes } from '@/lib/evidence/local-lane';
import type { LeafLanes } from '@/lib/evidence/verify-tree';
import type { LaneAnswer, LaneReport, LaneRequest } from './lane-protocol';

export interface WorkerLanes extends RangeLanes, LeafLanes {
  /** Ends the workers; what they were doing never answers. */
  close(): void;
}

interface Waiting {
  count: (count: number, bytes: number) => void;
  resolve: (report: LaneReport[keyof LaneReport]) => void;
  reject: (error: Error) => void;
}

interface Lane {
  worker: Worker;
  waiting: Map<number, Waiting>;
}

/** Beyond this many the host's one thread for signatures is what a run waits for. */
const MOST_WORKERS = 8;
/** Parts of one worker under way at once, so that it computes one while the next one is fetched. */
const PARTS_A_WORKER = 2;

/**
 * Workers that check parts of streams and of the log side by side, started when first needed: as many as the machine has
 * threads, at most eight. `gate` is awaited before each part, so that a person can pause.
 */
export function createWorkerLanes(
  make: () => Worker,
  options: { gate?: () => Promise<void>; threads?: number } = {},
): WorkerLanes {
  const size = Math.min(MOST_WORKERS, Math.max(1, options.threads ?? 2));
  const lanes: Lane[] = [];
  let next = 0;

  function open(): Lane {
    const worker = make();
    const waiting = new Map<number, Waiting>();
    worker.onmessage = ({ data }: MessageEvent<LaneAnswer>) => {
      const part = waiting.get(data.id);
      if (!part) return;
      if (data.type === 'progress') {
        part.count(data.count, data.bytes);
        return;
      }
      waiting.delete(data.id);
      if (data.type === 'done') part.resolve(data.report);
      else part.reject(new Error(data.message));
    };
    worker.onerror = (event) => {
      for (const part of waiting.values())
        part.reject(new Error(event.message || 'a checker could not be started'));
      waiting.clear();
    };
    return { worker, waiting };
  }

  /** The lane with the least to do; a new one while there may be more. */
  function choose(): Lane {
    const idle = lanes.find(({ waiting }) => waiting.size === 0);
    if (idle) return idle;
    if (lanes.length < size) {
      const lane = open();
      lanes.push(lane);
      return lane;
    }
    return lanes.reduce((least, lane) => (lane.waiting.size < least.waiting.size ? lane : least));
  }

  async function ask<T extends keyof LaneReport>(
    type: T,
    job: Extract<LaneRequest, { type: T }>['job'],
    count: Waiting['count'],
  ): Promise<LaneReport[T]> {
    await options.gate?.();
    const id = next++;
    return new Promise((resolve, reject) => {
      const { worker, waiting } = choose();
      waiting.set(id, { count, resolve: (report) => resolve(report as LaneReport[T]), reject });
      worker.postMessage({ id, type, job } as LaneRequest);
    });
  }

  return {
    width: size * PARTS_A_WORKER,
    verifyRange: (job, { records }) => ask('range', job, records),
    verifyLeaves: (job, { leaves }) => ask('leaves', job, leaves),
    close: () => {
      for (const { worker } of lanes) worker.terminate();
      lanes.length = 0;
    },
  };
}
