/**
 * Rekor transparency logs, v1 and v2. The digest of the signed checkpoint goes in as a `hashedrekord`, signed with the
 * anchoring key; the log's answer, as it came, is the receipt. Both have their logs answer with the proof at once.
 *
 *   v1  POST <log>/api/v1/log/entries  → 201 {"<uuid>":{…}}
 *   v2  POST <log>/api/v2/log/entries  → 201 TransparencyLogEntry
 */
import { z } from 'zod';
import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64, formatHex } from '@/lib/core/encoding';
import { isJsonObject, type JsonObject, parseJson } from '@/lib/core/json';
import { verifyRekorEntry } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import { type AnchorKey, getAnchorKey } from '../keys/anchor-key';
import { type StampRequest, type WitnessAdapter, WitnessError } from '../witnesses/witness-adapter';
import { callService, type ServiceAnswer } from './call-service';
import { serviceAddress } from './service-address';

const settings = z.strictObject({
  url: serviceAddress,
  version: z.enum(['v1', 'v2']).default('v2'),
});
export type RekorSettings = z.infer<typeof settings>;

const MAX_ANSWER_BYTES = 262_144;
/** Answers that another try would not change. */
const MISCONFIGURED = [401, 403, 404, 405, 410, 415, 501];

/** Built around the key that it signs with. */
export function rekorAdapterWith(getKey: () => AnchorKey): WitnessAdapter<RekorSettings> {
  return {
    type: 'rekor',
    settings,
    secretFields: [],

    async stamp(request, { url, version }) {
      const key = getKey();
      const signature = key.sign(request.note);
      const answer =
        version === 'v1'
          ? await submitV1(url, formatV1(request.stamp, signature, key.publicKey), request.signal)
          : await submit(
              `${url}/api/v2/log/entries`,
              formatV2(request.stamp, signature, key.publicKey),
              request.signal,
            );
      await requireFit(answer.body, request, key.publicKey, new URL(url).origin);
      return { state: 'complete', receipt: answer.body };
    },
  };
}

export const rekorAdapter = rekorAdapterWith(() => getAnchorKey());

function formatV1(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): JsonObject {
  const lines = formatBase64(publicKey).match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
  return {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value: formatHex(digest) } },
      signature: {
        content: formatBase64(signature),
        publicKey: { content: Buffer.from(pem).toString('base64') },
      },
    },
  };
}

function formatV2(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): JsonObject {
  return {
    hashedRekordRequestV002: {
      digest: formatBase64(digest),
      signature: {
        content: formatBase64(signature),
        verifier: {
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
          publicKey: { rawBytes: formatBase64(publicKey) },
        },
      },
    },
  };
}

/** An entry that v1 answers without its proof is asked for again, under the id that it was answered with. */
async function submitV1(url: string, entry: JsonObject, signal: AbortSignal): Promise<ServiceAnswer> {
  const answer = await submit(`${url}/api/v1/log/entries`, entry, signal);
  const [uuid, stored] = Object.entries(readObject(answer, url))[0] ?? [];
  if (uuid === undefined || !/^([0-9a-f]{64}|[0-9a-f]{80})$/.test(uuid) || !isJsonObject(stored)) {
    throw new WitnessError('witness_answer_invalid', `${new URL(url).origin} answered no entry`);
  }
  const { verification } = stored;
  if (isJsonObject(verification) && verification.inclusionProof) return answer;
  return await ask({ url: `${url}/api/v1/log/entries/${uuid}`, method: 'GET' }, signal);
}

function submit(url: string, entry: JsonObject, signal: AbortSignal): Promise<ServiceAnswer> {
  return ask({ url, method: 'POST', body: JSON.stringify(entry) }, signal);
}

async function ask(
  call: { url: string; method: 'GET' | 'POST'; body?: string },
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  const answer = await callService({
    ...call,
    headers: {
      accept: 'application/json',
      'user-agent': 'countersign',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  if (answer.status === 200 || answer.status === 201) return answer;
  const code = MISCONFIGURED.includes(answer.status) ? 'witness_misconfigured' : 'witness_refused';
  throw new WitnessError(code, `${new URL(call.url).origin} answered ${answer.status}`);
}

function readObject({ body }: ServiceAnswer, url: string): JsonObject {
  const text = decodeUtf8(body);
  const json = text.ok ? parseJson(text.value) : text;
  if (json.ok && isJsonObject(json.value)) return json.value;
  throw new WitnessError('witness_answer_invalid', `${new URL(url).origin} answered no JSON object`);
}

/** Whether the answer is the entry that was asked for. Trust in the log is decided elsewhere, under the pinned roots. */
async function requireFit(
  receipt: Uint8Array,
  { note }: StampRequest,
  publicKey: Uint8Array,
  origin: string,
): Promise<void> {
  const trust = { logs: [], anchorKeys: [publicKey] };
  const { checks } = await verifyRekorEntry(receipt, { kind: 'bytes', bytes: note }, trust);
  const wrong = checks.find(({ verdict }) => verdict === 'invalid');
  if (wrong)
    throw new WitnessError('witness_answer_invalid', `${origin}: ${wrong.id} ${wrong.code ?? ''}`.trim());
}
