/**
 * Google Cloud Storage with object retention in `Locked` mode (JSON API v1). The bucket must have been made with object
 * retention. Authorised as a service account (a JWT exchanged for an access token, RFC 7523) or by an access token
 * that something else keeps fresh; the account needs storage.objects.create, .get and .setRetention.
 */
import { createPrivateKey, createSign } from 'node:crypto';
import { z } from 'zod';
import { formatBase64url, formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { type WitnessAdapter, WitnessError } from '../witnesses/witness-adapter';
import { callService, type ServiceAnswer } from './call-service';
import { serviceAddress } from './service-address';
import {
  MAX_OBJECT_BYTES,
  readStoreDate,
  refusedByStore,
  stampInStore,
  storeSettings,
  type WriteOnceStore,
} from './write-once-store';

const settings = z
  .strictObject({
    provider: z.literal('gcs'),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'a bucket’s name'),
    endpoint: serviceAddress.default('https://storage.googleapis.com'),
    tokenEndpoint: serviceAddress.default('https://oauth2.googleapis.com/token'),
    /** Of the service account. */
    clientEmail: z.email().max(300).optional(),
    /** Of the service account, PEM. */
    privateKey: z.string().max(8_000).refine(isPrivateKey, 'a private RSA key in PEM').optional(),
    accessToken: z
      .string()
      .min(1)
      .max(4_000)
      .regex(/^[\x21-\x7e]+$/, 'a token')
      .optional(),
    ...storeSettings,
  })
  .refine(
    ({ clientEmail, privateKey, accessToken }) =>
      (clientEmail === undefined) === (privateKey === undefined) &&
      (privateKey === undefined) !== (accessToken === undefined),
    'either a service account with its key, or an access token',
  );
export type GcsRetentionSettings = z.infer<typeof settings>;

const SCOPE = 'https://www.googleapis.com/auth/devstorage.full_control';
const TOKEN_S = 600;
const MAX_JSON_BYTES = 65_536;

const resource = z.object({
  generation: z.string().regex(/^[0-9]{1,30}$/),
  retention: z.object({ mode: z.string().max(40), retainUntilTime: z.string() }).optional(),
  temporaryHold: z.boolean().optional(),
  eventBasedHold: z.boolean().optional(),
});

export const gcsRetentionAdapter: WitnessAdapter<GcsRetentionSettings> = {
  type: 'worm',
  settings,
  secretFields: ['privateKey', 'accessToken'],

  async stamp(request, options) {
    const token = options.accessToken ?? (await fetchToken(options, request.nowMs, request.signal));
    return stampInStore(openStore(options, token, request.signal), request, options);
  },
};

function openStore(
  { endpoint, bucket }: GcsRetentionSettings,
  token: string,
  signal: AbortSignal,
): WriteOnceStore {
  const headers = { authorization: `Bearer ${token}` };
  const get = (path: string) =>
    callService({ url: endpoint + path, method: 'GET', headers, signal, maxAnswerBytes: MAX_OBJECT_BYTES });
  return {
    provider: 'gcs',
    bucket,

    async read(key, generation) {
      const object = `/storage/v1/b/${bucket}/o/${encodeURIComponent(key)}`;
      const found = await get(`${object}?projection=noAcl${generation ? `&generation=${generation}` : ''}`);
      if (found.status === 404) return null;
      const meta = readResource(found);
      // The very generation that was described, whatever was written in between.
      const media = await get(`${object}?alt=media&generation=${meta.generation}`);
      if (media.status !== 200) throw refusedByStore('Google Cloud Storage', media.status);
      return {
        bytes: media.body,
        versionId: meta.generation,
        checksumSha256: null,
        mode: meta.retention?.mode ?? null,
        retainUntilMs: readStoreDate(meta.retention?.retainUntilTime),
        legalHold: Boolean(meta.temporaryHold || meta.eventBasedHold),
      };
    },

    async write(key, bytes, retainUntilMs) {
      const metadata = {
        name: key,
        contentType: 'text/plain; charset=utf-8',
        retention: { mode: 'Locked', retainUntilTime: new Date(retainUntilMs).toISOString() },
      };
      const { boundary, body } = multipart(metadata, bytes);
      const answer = await callService({
        url: `${endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=multipart`,
        method: 'POST',
        headers: { ...headers, 'content-type': `multipart/related; boundary=${boundary}` },
        body,
        signal,
        maxAnswerBytes: MAX_JSON_BYTES,
      });
      return readResource(answer).generation;
    },
  };
}

function readResource(answer: ServiceAnswer): z.infer<typeof resource> {
  if (answer.status !== 200) throw refusedByStore('Google Cloud Storage', answer.status);
  const parsed = resource.safeParse(readJson(answer));
  if (parsed.success) return parsed.data;
  throw new WitnessError('witness_answer_invalid', 'Google Cloud Storage answered no object');
}

/** Two parts (RFC 2387); the content's own digest cannot occur in it. */
function multipart(metadata: unknown, bytes: Uint8Array): { boundary: string; body: Uint8Array } {
  const boundary = `part-${formatHex(sha256(bytes))}`;
  const head = `--${boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(metadata)}\r\n--${boundary}\r\ncontent-type: text/plain; charset=utf-8\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { boundary, body: new Uint8Array(body) };
}

async function fetchToken(
  { clientEmail, privateKey, tokenEndpoint }: GcsRetentionSettings,
  nowMs: number,
  signal: AbortSignal,
): Promise<string> {
  const issuedAtS = Math.floor(nowMs / 1000);
  const part = (value: unknown) => formatBase64url(Buffer.from(JSON.stringify(value)));
  const claims = {
    iss: clientEmail,
    scope: SCOPE,
    aud: tokenEndpoint,
    iat: issuedAtS,
    exp: issuedAtS + TOKEN_S,
  };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(privateKey ?? '', 'base64url');
  const answer = await callService({
    url: tokenEndpoint,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${signed}.${signature}`,
    }).toString(),
    signal,
    maxAnswerBytes: MAX_JSON_BYTES,
  });
  if (answer.status !== 200) throw refusedByStore('Google’s token service', answer.status);
  const token = z.object({ access_token: z.string().min(1) }).safeParse(readJson(answer));
  if (token.success) return token.data.access_token;
  throw new WitnessError('witness_answer_invalid', 'Google’s token service answered no token');
}

function readJson({ body }: ServiceAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
