import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { EvidenceSource } from './evidence-source';
import { type RangeJob, type RangeReport, verifyRange } from './verify-range';

/** Who checks parts of streams side by side: the workers of a pool. */
export interface RangeLanes {
  /** Parts that may be under way at once. */
  readonly width: number;
  /** Records of one part; 1,000 unless said. */
  readonly rangeRecords?: number;
  verifyRange(job: RangeJob, tell: { records: (count: number, bytes: number) => void }): Promise<RangeReport>;
}

const PROGRESS_RECORDS = 100;

export interface LocalLane extends RangeLanes {
  close(): Promise<void>;
}

/** Checks the parts here, one after the other, out of one reading of the source. */
export function createLocalLane(
  source: Pick<EvidenceSource, 'records'>,
  stream: string,
  to: number,
  signal: AbortSignal | undefined,
): LocalLane {
  let reading: AsyncIterator<ChainRecord> | null = null;
  let ahead: ChainRecord | null = null;

  async function* upTo(job: RangeJob): AsyncGenerator<ChainRecord> {
    reading ??= source.records(stream, job.from, to)[Symbol.asyncIterator]();
    for (;;) {
      signal?.throwIfAborted();
      if (!ahead) {
        const next = await reading.next();
        if (next.done) return;
        ahead = next.value;
      }
      // What lies beyond this part is the next one's.
      if (ahead.position > job.to) return;
      const record = ahead;
      ahead = null;
      yield record;
      if (record.position === job.to) return;
    }
  }

  return {
    width: 1,
    async verifyRange(job, { records }) {
      let told = 0;
      let bytes = 0;
      const flush = () => {
        records(told, bytes);
        told = 0;
        bytes = 0;
      };
      const report = await verifyRange(job, upTo(job), {
        record: (size) => {
          told++;
          bytes += size;
          if (told === PROGRESS_RECORDS) flush();
        },
      });
      flush();
      return report;
    },
    async close() {
      await reading?.return?.();
    },
  };
}
