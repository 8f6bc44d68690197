/**
 * Azure Confidential Ledger. The stamp's text form is stored as a ledger entry; the answer with the receipt over it, as it
 * came, is our receipt.
 *
 *   POST <ledger>/app/transactions?api-version=…&collectionId=…   {"contents":"sha-256:…"}, answers the transaction's id
 *   GET  <ledger>/app/transactions/<id>/receipt?api-version=…      {"state":"Loading"} until it is committed, then "Ready"
 *
 * A ledger is its own certificate authority: its certificate secures the connection, and is what receipts are verified
 * under. It knows callers by a client certificate or by a token of Microsoft Entra.
 */
import { z } from 'zod';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { isJsonObject, type JsonObject, parseJson } from '@/lib/core/json';
import { formatLedgerEntry } from '@/lib/integrity/witness/ccf/verify-json-receipt';
import { verifyLedgerReceipt } from '@/lib/integrity/witness/ccf/verify-ledger-receipt';
import {
  type StampAnswer,
  type StampRequest,
  type WitnessAdapter,
  WitnessError,
} from '../witnesses/witness-adapter';
import { callService, type ServiceAnswer } from './call-service';
import { serviceAddress } from './service-address';

const pem = z.string().max(16_384).startsWith('-----BEGIN ');
const https = serviceAddress.refine((url) => url.startsWith('https:'), 'https');

const settings = z
  .strictObject({
    url: https,
    collection: z
      .string()
      .max(128)
      .regex(/^[A-Za-z0-9:._-]+$/, 'letters, digits, and : . _ -')
      .optional(),
    apiVersion: z
      .string()
      .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$/, 'a version such as 2022-05-13')
      .default('2022-05-13'),
    /** The ledger's own certificate, for the connection. PEM. */
    ledgerCertificate: pem.optional(),
    /** Client certificate and its key. PEM. */
    certificate: pem.optional(),
    privateKey: pem.optional(),
    /** An application of Microsoft Entra, and where it gets its tokens. */
    tokenEndpoint: https.optional(),
    clientId: z.string().min(1).max(200).optional(),
    clientSecret: z.string().min(1).max(500).optional(),
    /** A token that somebody else keeps fresh. */
    accessToken: z
      .string()
      .min(1)
      .max(8_192)
      .regex(/^[\x21-\x7e]+$/, 'a token')
      .optional(),
  })
  .refine(
    (one) => (one.certificate === undefined) === (one.privateKey === undefined),
    'certificate and key go together',
  )
  .refine(
    (one) =>
      [one.tokenEndpoint, one.clientId, one.clientSecret].every(
        (field) => (field === undefined) === (one.clientId === undefined),
      ),
    'token endpoint, client and secret go together',
  )
  .refine(
    (one) => [one.certificate, one.clientId, one.accessToken].filter((way) => way !== undefined).length === 1,
    'one way to be known to the ledger: a certificate, an application or a token',
  );
export type ConfidentialLedgerSettings = z.infer<typeof settings>;

const SCOPE = 'https://confidential-ledger.azure.com/.default';
const MAX_ANSWER_BYTES = 262_144;
const TRANSACTION = /^[0-9]{1,16}\.[0-9]{1,16}$/;
/** Commits take a second or two; a ledger that was just moved, longer. */
const RETRY_MS = 5_000;
/** Answers that another try would not change. */
const MISCONFIGURED = [400, 401, 403, 405, 410, 415];

export const confidentialLedgerAdapter: WitnessAdapter<ConfidentialLedgerSettings> = {
  type: 'ccf',
  settings,
  secretFields: ['privateKey', 'clientSecret', 'accessToken'],

  async stamp(request, options) {
    const ledger = await openLedger(options, request.signal);
    return await submit(ledger, request);
  },

  async upgrade(receipt, request, options) {
    const transaction = readPending(receipt);
    if (transaction === null) return { state: 'complete', receipt };
    const ledger = await openLedger(options, request.signal);
    // What a ledger took and lost before it was committed is not in it: it is stored anew.
    return (await fetchReceipt(ledger, transaction, request)) ?? (await submit(ledger, request));
  },
};

interface Ledger {
  origin: string;
  collection: string | undefined;
  call(path: string, query: Record<string, string>, body?: JsonObject): Promise<ServiceAnswer>;
}

async function openLedger(options: ConfidentialLedgerSettings, signal: AbortSignal): Promise<Ledger> {
  const { url, apiVersion, ledgerCertificate: ca, certificate: cert, privateKey: key } = options;
  const token = options.accessToken ?? (await fetchToken(options, signal));
  const call: Ledger['call'] = (path, query, body) =>
    callService({
      url: `${url}${path}?${new URLSearchParams({ 'api-version': apiVersion, ...query })}`,
      method: body ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        'user-agent': 'countersign',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      tls: { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}) },
      signal,
      maxAnswerBytes: MAX_ANSWER_BYTES,
    });
  return { origin: new URL(url).origin, collection: options.collection, call };
}

/** OAuth 2.0 client credentials (RFC 6749 §4.4), as Microsoft Entra answers them. Undefined for other ways to be known. */
async function fetchToken(
  { tokenEndpoint, clientId, clientSecret }: ConfidentialLedgerSettings,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!tokenEndpoint || !clientId || !clientSecret) return undefined;
  const { origin } = new URL(tokenEndpoint);
  const answer = await callService({
    url: tokenEndpoint,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: SCOPE,
    }).toString(),
    signal,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  if (answer.status !== 200) throw refusedStatus(origin, answer.status);
  const token = readObject(answer, origin).access_token;
  if (typeof token === 'string' && /^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  throw new WitnessError('witness_answer_invalid', `${origin} answered no token`);
}

/** Stores the stamp; the receipt is there at once where the ledger has committed already. */
async function submit(ledger: Ledger, request: StampRequest): Promise<StampAnswer> {
  const collection: Record<string, string> = ledger.collection ? { collectionId: ledger.collection } : {};
  const answer = await ledger.call('/app/transactions', collection, {
    contents: formatLedgerEntry(request.stamp),
  });
  if (answer.status !== 200 && answer.status !== 201) throw refusedStatus(ledger.origin, answer.status);
  const transaction = answer.headers.get('x-ms-ccf-transaction-id') ?? '';
  if (!TRANSACTION.test(transaction)) {
    throw new WitnessError('witness_answer_invalid', `${ledger.origin} answered no transaction`);
  }
  return (await fetchReceipt(ledger, transaction, request)) ?? pending(transaction, request.nowMs);
}

/** Null where the ledger says that the transaction never came to be. */
async function fetchReceipt(
  ledger: Ledger,
  transaction: string,
  request: StampRequest,
): Promise<StampAnswer | null> {
  const answer = await ledger.call(`/app/transactions/${transaction}/receipt`, {});
  if (answer.status === 404) {
    const code = readErrorCode(answer, ledger.origin);
    if (code === 'TransactionPendingOrUnknown') return pending(transaction, request.nowMs);
    if (code === 'TransactionInvalid') return null;
  }
  if (answer.status === 202) return pending(transaction, request.nowMs);
  if (answer.status !== 200) throw refusedStatus(ledger.origin, answer.status);
  if (readObject(answer, ledger.origin).state === 'Loading') return pending(transaction, request.nowMs);
  await requireFit(answer.body, request, ledger.origin);
  return { state: 'complete', receipt: answer.body };
}

/** The form of the ledger's own answer while it has none. */
function pending(transaction: string, nowMs: number): StampAnswer {
  const receipt = utf8(JSON.stringify({ state: 'Loading', transactionId: transaction }));
  return { state: 'pending', receipt, retryAtMs: nowMs + RETRY_MS };
}

/** The transaction that a stored receipt still waits for; null when it is whole. */
function readPending(receipt: Uint8Array): string | null {
  const text = decodeUtf8(receipt);
  const json = text.ok ? parseJson(text.value) : text;
  if (!json.ok || !isJsonObject(json.value) || json.value.state !== 'Loading') return null;
  const { transactionId } = json.value;
  return typeof transactionId === 'string' && TRANSACTION.test(transactionId) ? transactionId : null;
}

/** Whether the answer is a receipt over this stamp. Trust in the ledger is decided elsewhere, under the pinned roots. */
async function requireFit(receipt: Uint8Array, { note }: StampRequest, origin: string): Promise<void> {
  const { checks } = await verifyLedgerReceipt(receipt, { kind: 'bytes', bytes: note }, { services: [] });
  const wrong = checks.find(({ verdict }) => verdict === 'invalid');
  if (wrong)
    throw new WitnessError('witness_answer_invalid', `${origin}: ${wrong.id} ${wrong.code ?? ''}`.trim());
  if (checks.find(({ id }) => id === 'ccf.stamp')?.verdict !== 'valid') {
    throw new WitnessError(
      'witness_answer_invalid',
      `${origin} answered a receipt without the entry that it is over`,
    );
  }
}

/** `error.code` of an answer (Microsoft REST API guidelines §7.10.2). */
function readErrorCode(answer: ServiceAnswer, origin: string): string | null {
  const { error } = readObject(answer, origin);
  return isJsonObject(error) && typeof error.code === 'string' ? error.code : null;
}

function readObject({ body }: ServiceAnswer, origin: string): JsonObject {
  const text = decodeUtf8(body);
  const json = text.ok ? parseJson(text.value) : text;
  if (json.ok && isJsonObject(json.value)) return json.value;
  throw new WitnessError('witness_answer_invalid', `${origin} answered no JSON object`);
}

function refusedStatus(origin: string, status: number): WitnessError {
  const code = MISCONFIGURED.includes(status) ? 'witness_misconfigured' : 'witness_refused';
  return new WitnessError(code, `${origin} answered ${status}`);
}
