import { equalBytes } from '@/lib/core/bytes';
import { stampOf } from '@/lib/integrity/witness/witness-report';
import { withOutboundPolicy } from '../adapters/outbound-policy';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { describeError } from '../describe-error';
import { getCheckpoint } from '../log/get-checkpoint';
import { getConsistency } from '../log/get-consistency';
import { newRandomBytes } from '../random';
import { LEASE_MS, type WitnessJob } from './claim-job';
import { errorCodeOf, keepReceipt, postponeJob, releaseJob } from './finish-job';
import { judgeReceipt } from './judge-receipt';
import { recordInvalidReceipt } from './record-invalid-receipt';
import { type StampAnswer, type StampRequest, type WitnessAdapter, WitnessError } from './witness-adapter';
import { configure, findWitness, type WitnessRow } from './witness-row';

export interface JobOptions {
  /** Ends the try; the job is given back. */
  signal: AbortSignal;
  nowMs?: () => number;
  /** 0 ≤ random < 1 */
  random?: () => number;
}

export type JobOutcome = 'complete' | 'pending' | 'failed' | 'released';

/** The longest that one try may take; shorter than the lease. */
const TRY_MS = LEASE_MS - 15_000;
/** A root may be pinned later; until then a look costs one verification here and no call. */
const UNPINNED_RETRY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/**
 * Does one claimed job: asks the witness, verifies what it says under the pinned roots, and only then keeps it. A receipt
 * that is INVALID is never kept: it is an incident and the job's error. One that is NOT CHECKED (not mature, or its root
 * is not pinned) is kept as `pending` and looked at again; it counts for nothing until it is VALID. There is no giving up.
 */
export async function runJob(job: WitnessJob, options: JobOptions): Promise<JobOutcome> {
  const { signal, nowMs = clockNowMs, random = Math.random } = options;
  const running = { signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]), nowMs, random };
  try {
    const row = await findWitness(job.witness);
    const note = (await getCheckpoint(job.size))?.note;
    if (!row || !note) throw new Error(`witness job: ${row ? 'its checkpoint' : 'its witness'} is gone`);
    return await (job.kind === 'stamp' ? stamp(job, row, note, running) : upgrade(job, row, note, running));
  } catch (error) {
    if (signal.aborted) {
      await releaseJob(getPool(), job, nowMs());
      return 'released';
    }
    if (!(error instanceof WitnessError)) console.error('witness job failed', describeError(error));
    await postponeJob(getPool(), job, {
      code: errorCodeOf(error),
      error: error instanceof WitnessError ? error : null,
      nowMs: nowMs(),
      random: random(),
    });
    return 'failed';
  }
}

type Running = Required<JobOptions>;

async function stamp(
  job: WitnessJob,
  row: WitnessRow,
  note: Uint8Array,
  running: Running,
): Promise<JobOutcome> {
  const { adapter, settings } = configure(row);
  const request = await requestOf(job, note, running);
  const answer = await ask(row, () => adapter.stamp(request, settings));
  return take(job, row, note, adapter, answer, null, running);
}

async function upgrade(
  job: WitnessJob,
  row: WitnessRow,
  note: Uint8Array,
  running: Running,
): Promise<JobOutcome> {
  const { adapter, settings } = configure(row);
  const kept = await findLatestReceipt(job);
  if (!kept) throw new Error('witness job: there is no receipt to upgrade');
  const request = await requestOf(job, note, running);
  const grow = adapter.upgrade?.bind(adapter);
  const answer: StampAnswer = grow
    ? await ask(row, () => grow(kept.receipt, request, settings))
    : { state: 'complete', receipt: kept.receipt };
  return take(job, row, note, adapter, answer, kept, running);
}

/** Verifies an answer and keeps it, or not. `kept`: what this witness's receipt over this checkpoint was so far. */
async function take(
  job: WitnessJob,
  row: WitnessRow,
  note: Uint8Array,
  adapter: WitnessAdapter<unknown>,
  answer: StampAnswer,
  kept: KeptReceipt | null,
  { nowMs, random }: Running,
): Promise<JobOutcome> {
  const { receipt } = answer;
  const judged = await judgeReceipt(
    { witness: row.name, type: row.type, receipt, note },
    {
      nowMs: nowMs(),
      freshlyRead: kept === null,
      // Asked for when it was stamped; what is left of it later is less.
      ...(kept === null ? retentionOf(row, nowMs()) : {}),
    },
  );
  const { report } = judged;
  if (report.verdict === 'invalid') {
    const wrong = report.checks.find(({ verdict }) => verdict === 'invalid');
    const code = wrong?.code ?? 'invalid';
    await recordInvalidReceipt(
      { witness: row.name, size: job.size, code, check: wrong?.id ?? 'receipt' },
      nowMs(),
    );
    await postponeJob(getPool(), job, {
      code: `receipt_invalid:${code}`,
      error: null,
      nowMs: nowMs(),
      random: random(),
    });
    return 'failed';
  }
  const state = report.verdict === 'valid' ? 'complete' : 'pending';
  await keepReceipt(
    job,
    { ...judged, type: adapter.type, receipt, state },
    {
      retryAtMs: nextLookMs(answer, state, kept, nowMs()),
      supersedes: !adapter.upgrade,
      isNews: kept === null || state === 'complete' || !equalBytes(kept.receipt, receipt),
      nowMs: nowMs(),
    },
  );
  return state;
}

/** What a write-once store must promise at least: what was asked of it, less a day that an earlier try may have taken. */
function retentionOf({ type, settings }: WitnessRow, nowMs: number): { minimumRetainUntilMs?: number } {
  const days = settings.retainDays;
  return type === 'worm' && typeof days === 'number'
    ? { minimumRetainUntilMs: nowMs + (days - 1) * DAY_MS }
    : {};
}

/** Null when nothing more is to come: it is whole and VALID, or the same as when it was. */
function nextLookMs(
  answer: StampAnswer,
  state: 'complete' | 'pending',
  kept: KeptReceipt | null,
  nowMs: number,
): number | null {
  if (answer.state === 'pending') return Math.max(answer.retryAtMs, nowMs);
  const wasValid = kept?.state === 'complete' && equalBytes(kept.receipt, answer.receipt);
  return state === 'complete' || wasValid ? null : nowMs + UNPINNED_RETRY_MS;
}

async function ask(row: WitnessRow, call: () => Promise<StampAnswer>): Promise<StampAnswer> {
  return withOutboundPolicy({ allowPrivate: row.allow_private }, call);
}

async function requestOf(job: WitnessJob, note: Uint8Array, running: Running): Promise<StampRequest> {
  const last = await getPool().query<{ size: number | null }>(
    "SELECT max(size) AS size FROM receipts WHERE witness = $1 AND state = 'complete' AND size <= $2",
    [job.witness, job.size],
  );
  return {
    size: job.size,
    note,
    stamp: stampOf(note),
    lastSize: last.rows[0]?.size ?? 0,
    consistency: (oldSize) => getConsistency(oldSize, job.size),
    nonce: newRandomBytes,
    nowMs: running.nowMs(),
    signal: running.signal,
  };
}

interface KeptReceipt {
  receipt: Uint8Array;
  state: 'complete' | 'pending';
}

async function findLatestReceipt(job: WitnessJob): Promise<KeptReceipt | null> {
  const found = await getPool().query<{ receipt: Buffer; state: KeptReceipt['state'] }>(
    'SELECT receipt, state FROM receipts WHERE witness = $1 AND size = $2 ORDER BY n DESC LIMIT 1',
    [job.witness, job.size],
  );
  const [row] = found.rows;
  return row ? { receipt: new Uint8Array(row.receipt), state: row.state } : null;
}
