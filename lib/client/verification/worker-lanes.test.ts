import { describe, expect, it } from 'vitest';
import type { RangeJob, RangeReport } from '@/lib/evidence/verify-range';
import type { LaneAnswer, LaneRequest } from './lane-protocol';
import { createWorkerLanes } from './worker-lanes';

const job = (from: number): RangeJob => ({ stream: 's', from, to: from, keys: [] });
const reportOf = (from: number) => ({ records: from }) as RangeReport;
const quiet = { records: () => {} };

/** The far end of a worker's messages: answers when told to. */
class Far {
  readonly asked: LaneRequest[] = [];
  terminated = false;
  onmessage: ((message: { data: LaneAnswer }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;

  postMessage(request: LaneRequest): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  answer(answer: LaneAnswer): void {
    this.onmessage?.({ data: answer });
  }
}

function open(options: Parameters<typeof createWorkerLanes>[1] = {}) {
  const far: Far[] = [];
  const lanes = createWorkerLanes(() => {
    const worker = new Far();
    far.push(worker);
    return worker as unknown as Worker;
  }, options);
  return { far, lanes };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('a pool of workers', () => {
  it('starts as many as there are threads, at most eight, and none before there is work', async () => {
    const { far, lanes } = open({ threads: 2 });
    expect(far).toHaveLength(0);
    expect(lanes.width).toBe(4);
    for (let n = 1; n <= 4; n++) lanes.verifyRange(job(n), quiet);
    await settle();
    expect(far.map(({ asked }) => asked.length)).toEqual([2, 2]);
    expect(open({ threads: 64 }).lanes.width).toBe(16);
  });

  it('hands each answer to whom it belongs, and counts on the way', async () => {
    const { far, lanes } = open({ threads: 1 });
    const counted: number[] = [];
    const first = lanes.verifyRange(job(1), { records: (count) => counted.push(count) });
    const second = lanes.verifyRange(job(2), quiet);
    await settle();
    const [a, b] = far[0]?.asked ?? [];
    far[0]?.answer({ id: b?.id ?? -1, type: 'done', report: reportOf(2) });
    far[0]?.answer({ id: a?.id ?? -1, type: 'progress', count: 7, bytes: 1 });
    far[0]?.answer({ id: a?.id ?? -1, type: 'done', report: reportOf(1) });
    expect(await first).toEqual(reportOf(1));
    expect(await second).toEqual(reportOf(2));
    expect(counted).toEqual([7]);
  });

  it('throws what a part threw, and for every part of a worker that could not be started', async () => {
    const { far, lanes } = open({ threads: 1 });
    const failing = lanes.verifyRange(job(1), quiet);
    await settle();
    far[0]?.answer({ id: far[0].asked[0]?.id ?? -1, type: 'failed', message: 'the console answered 500' });
    await expect(failing).rejects.toThrow('the console answered 500');
    const left = [lanes.verifyRange(job(2), quiet), lanes.verifyRange(job(3), quiet)];
    await settle();
    far[0]?.onerror?.({ message: '' });
    for (const part of left) await expect(part).rejects.toThrow('could not be started');
  });

  it('hands out nothing while it is paused, and ends its workers', async () => {
    let go = () => {};
    const paused = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { far, lanes } = open({ threads: 1, gate: () => paused });
    lanes.verifyRange(job(1), quiet);
    await settle();
    expect(far).toHaveLength(0);
    go();
    await settle();
    expect(far[0]?.asked).toHaveLength(1);
    lanes.close();
    expect(far[0]?.terminated).toBe(true);
  });
});
