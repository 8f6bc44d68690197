/**
 * Time-stamping authorities over HTTP (RFC 3161 §3.4): the request is posted as `application/timestamp-query`, the DER of
 * the answer is the receipt. The nonce is fresh for every request and held against the answer here, once: it keeps an old
 * or foreign answer from being taken for this one. It is not stored. What a verifier needs later is the imprint, and a
 * replayed answer with the same imprint would only show that the checkpoint existed even earlier.
 */
import { z } from 'zod';
import type { Check } from '@/lib/integrity/check';
import { MAX_TIMESTAMP_BYTES, parseTimestamp } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import { formatTimestampRequest } from '@/lib/integrity/witness/rfc3161/timestamp-request';
import { parseTstInfo } from '@/lib/integrity/witness/rfc3161/tst-info';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import { type StampRequest, type WitnessAdapter, WitnessError } from '../witnesses/witness-adapter';
import { callService } from './call-service';
import { serviceAddress } from './service-address';

const settings = z
  .strictObject({
    url: serviceAddress,
    /** OID of the policy under which the stamp is wanted; the authority's own where it is left out. */
    policy: z
      .string()
      .max(100)
      .regex(/^[0-2](\.(0|[1-9][0-9]{0,9})){2,15}$/, 'an object identifier such as 1.2.3.4')
      .optional(),
    username: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^:\p{Cc}]+$/u, 'without colon')
      .optional(),
    password: z.string().min(1).max(500).optional(),
  })
  .refine(
    ({ username, password }) => (username === undefined) === (password === undefined),
    'user and password go together',
  )
  .refine(
    ({ url, password }) => password === undefined || url.startsWith('https:'),
    'a password is only sent over https',
  );
export type Rfc3161Settings = z.infer<typeof settings>;

const NONCE_BYTES = 16;
/** Answers that another try would not change. */
const MISCONFIGURED = [401, 403, 404, 405, 410, 415];

export const rfc3161Adapter: WitnessAdapter<Rfc3161Settings> = {
  type: 'rfc3161',
  settings,
  secretFields: ['password'],

  async stamp(request, { url, policy, username, password }) {
    const nonce = request.nonce(NONCE_BYTES);
    const { origin } = new URL(url);
    const { status, body } = await callService({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/timestamp-query',
        accept: 'application/timestamp-reply',
        'user-agent': 'countersign',
        ...(username === undefined ? {} : { authorization: basic(username, password ?? '') }),
      },
      body: formatTimestampRequest({ digest: request.stamp, nonce, ...(policy ? { policy } : {}) }),
      signal: request.signal,
      maxAnswerBytes: MAX_TIMESTAMP_BYTES,
    });
    if (status !== 200) throw refusedStatus(origin, status);
    await requireFit(body, request, nonce, policy, origin);
    return { state: 'complete', receipt: body };
  },
};

function refusedStatus(origin: string, status: number): WitnessError {
  const code = MISCONFIGURED.includes(status) ? 'witness_misconfigured' : 'witness_refused';
  return new WitnessError(code, `${origin} answered ${status}`);
}

/** Whether the answer is one to this request. Trust in the authority is decided elsewhere, under the pinned roots. */
async function requireFit(
  receipt: Uint8Array,
  { note }: StampRequest,
  nonce: Uint8Array,
  policy: string | undefined,
  origin: string,
): Promise<void> {
  const report = await verifyTimestamp(receipt, { kind: 'bytes', bytes: note }, { anchors: [] }, { nonce });
  const wrong = report.checks.find(({ verdict }) => verdict === 'invalid');
  if (wrong?.id === 'rfc3161.status') {
    throw new WitnessError('witness_refused', `${origin} answered ${wrong.computed ?? 'no'}`);
  }
  if (wrong) throw new WitnessError('witness_answer_invalid', `${origin}: ${nameCheck(wrong)}`);
  const parsed = parseTimestamp(receipt);
  if (!parsed.ok || !parsed.value.status || !parsed.value.token) {
    throw new WitnessError('witness_answer_invalid', `${origin} answered with a bare token`);
  }
  const info = parseTstInfo(parsed.value.token.content);
  if (policy !== undefined && (!info.ok || info.value.policy !== policy)) {
    throw new WitnessError('witness_answer_invalid', `${origin} stamped under another policy`);
  }
}

function nameCheck({ id, code }: Check): string {
  return `${id} ${code ?? ''}`.trim();
}

/** RFC 7617. */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
