/**
 * OpenTimestamps calendars (the API of opentimestamps-server, as its reference client calls it):
 *
 *   POST <calendar>/digest              32 bytes → tree over them that ends in a promise
 *   GET  <calendar>/timestamp/<hex>     tree over what was promised, 404 until it is in a block
 */
import { z } from 'zod';
import { formatHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import {
  type DetachedTimestamp,
  formatOpenTimestamps,
  parseOpenTimestamps,
} from '@/lib/integrity/witness/opentimestamps/detached-timestamp';
import {
  commitmentOf,
  growTimestamp,
  listPending,
  namesBlock,
  startTimestamp,
} from '@/lib/integrity/witness/opentimestamps/grow-timestamp';
import {
  MAX_ANSWER_BYTES,
  parseTimestamp,
  type Timestamp,
} from '@/lib/integrity/witness/opentimestamps/timestamp';
import {
  type StampAnswer,
  type StampRequest,
  type WitnessAdapter,
  WitnessError,
} from '../witnesses/witness-adapter';
import { callService } from './call-service';
import { serviceAddress } from './service-address';

const settings = z
  .strictObject({
    calendars: z.array(serviceAddress).min(1).max(16),
    /** How many must have promised before the proof counts as submitted: each more outlives one that disappears. */
    minimumCalendars: z.int().min(1).default(1),
  })
  .refine(({ calendars }) => new Set(calendars).size === calendars.length, 'a calendar is named twice')
  .refine(
    ({ calendars, minimumCalendars }) => minimumCalendars <= calendars.length,
    'more calendars are required than named',
  );
export type OpenTimestampsSettings = z.infer<typeof settings>;

const NONCE_BYTES = 16;
/** A calendar waits for a block and for others on top of it: hours, rarely less than one. */
const RETRY_MS = 30 * 60_000;
const HEADERS = { accept: 'application/vnd.opentimestamps.v1', 'user-agent': 'countersign' };

export const openTimestampsAdapter: WitnessAdapter<OpenTimestampsSettings> = {
  type: 'opentimestamps',
  settings,
  secretFields: [],

  async stamp(request, { calendars, minimumCalendars }) {
    const nonce = request.nonce(NONCE_BYTES);
    const commitment = commitmentOf(request.stamp, nonce);
    const { answers, errors } = await askAll(
      calendars.map((calendar) => () => submit(calendar, commitment, request.signal)),
    );
    if (answers.length < minimumCalendars) {
      throw summary(
        errors,
        `${answers.length} of ${calendars.length} calendars answered, ${minimumCalendars} must`,
      );
    }
    return answerOf(startTimestamp(request.stamp, nonce, answers), request);
  },

  async upgrade(receipt, request, { calendars }) {
    const parsed = parseOpenTimestamps(receipt);
    if (!parsed.ok) throw new WitnessError('witness_answer_invalid', `the stored proof: ${parsed.code}`);
    if (namesBlock(parsed.value.timestamp)) return { state: 'complete', receipt };
    // The address in a promise is the calendar's own word: only calendars that were configured are ever called.
    const calls = listPending(parsed.value).flatMap(({ calendar, commitment }) => {
      const known = calendars.filter((one) => one === calendar.replace(/\/+$/, ''));
      return (known.length > 0 ? known : calendars).map(
        (one) => () => fetchGrown(one, commitment, request.signal),
      );
    });
    const { answers, errors } = await askAll(calls);
    if (calls.length > 0 && errors.length === calls.length) throw summary(errors, 'no calendar answered');
    const grown = answers.filter((answer) => answer !== null).reduce(growTimestamp, parsed.value);
    return answerOf(grown, request);
  },
};

function answerOf(proof: DetachedTimestamp, { nowMs }: StampRequest): StampAnswer {
  const receipt = formatOpenTimestamps(proof);
  const again = parseOpenTimestamps(receipt);
  if (!again.ok)
    throw new WitnessError('witness_answer_invalid', `the answers add up to no proof: ${again.code}`);
  return namesBlock(proof.timestamp)
    ? { state: 'complete', receipt }
    : { state: 'pending', receipt, retryAtMs: nowMs + RETRY_MS };
}

async function submit(calendar: string, commitment: Uint8Array, signal: AbortSignal): Promise<Timestamp> {
  const { status, body } = await callService({
    url: `${calendar}/digest`,
    method: 'POST',
    headers: { ...HEADERS, 'content-type': 'application/octet-stream' },
    body: commitment,
    signal,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  if (status !== 200) throw new WitnessError('witness_refused', `${calendar} answered ${status}`);
  return readAnswer(calendar, body, commitment);
}

/** Null while the calendar has nothing more to say. */
async function fetchGrown(
  calendar: string,
  commitment: Uint8Array,
  signal: AbortSignal,
): Promise<Timestamp | null> {
  const { status, body } = await callService({
    url: `${calendar}/timestamp/${formatHex(commitment)}`,
    method: 'GET',
    headers: HEADERS,
    signal,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  if (status === 404) return null;
  if (status !== 200) throw new WitnessError('witness_refused', `${calendar} answered ${status}`);
  return readAnswer(calendar, body, commitment);
}

function readAnswer(calendar: string, body: Uint8Array, commitment: Uint8Array): Timestamp {
  const parsed = parseTimestamp(body, commitment);
  if (!parsed.ok) {
    throw new WitnessError('witness_answer_invalid', `${calendar} answered no timestamp: ${parsed.code}`);
  }
  return parsed.value;
}

async function askAll<T>(
  calls: readonly (() => Promise<T>)[],
): Promise<{ answers: T[]; errors: WitnessError[] }> {
  const settled = await Promise.allSettled(calls.map((call) => call()));
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const unexpected = errors.find((error) => !(error instanceof WitnessError));
  if (unexpected) throw unexpected;
  return {
    answers: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    errors: errors as WitnessError[],
  };
}

/** The first refusal stands for all; the longest wait that any asked for is kept. */
function summary(errors: readonly WitnessError[], words: string): WitnessError {
  const [first] = errors;
  invariant(first, 'summary: nobody refused');
  const waits = errors.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]));
  return new WitnessError(first.code, `${words}: ${first.detail}`, {
    cause: first,
    ...(waits.length > 0 ? { retryAfterMs: Math.max(...waits) } : {}),
  });
}
