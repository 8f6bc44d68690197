import { createHash, randomBytes } from 'node:crypto';
import { utf8 } from '@/lib/core/bytes';
import { signRequest } from '@/lib/core/http-signature';
import type { ErrorCode } from '@/lib/server/errors';
import type { Organisation } from './world';

export const ORIGIN = 'http://console.test';

/** The task and the approval that a machine names. */
export interface MachineNames {
  task: string;
  approval: string;
  token: string;
}

export interface MachineRow {
  method: 'GET' | 'POST';
  route: string;
  path: (named: MachineNames) => string;
  /** Null: no body. */
  body: (named: MachineNames, organisation: Organisation) => unknown;
  /** What is answered about the task or approval of somebody else, and about none. Absent: it names nothing. */
  foreign?: ErrorCode;
  /** What a pipeline, which may only record, is answered: a status where this is part of recording. */
  pipeline: ErrorCode | 200 | 201;
}

const actionOf = ({ approval }: Organisation) => ({ ...approval.action });

/** Every route that a machine calls with a signed request (RFC 9421). */
export const MACHINE_ROWS: readonly MachineRow[] = [
  {
    method: 'POST',
    route: 'access/v1/evaluation',
    path: () => '/access/v1/evaluation',
    body: (_named, organisation) => actionOf(organisation),
    pipeline: 'producer_kind',
  },
  {
    method: 'POST',
    route: 'access/v1/requests',
    path: () => '/access/v1/requests',
    body: (_named, organisation) => ({ ...actionOf(organisation), evaluation_id: 'evl_none' }),
    pipeline: 'producer_kind',
  },
  {
    method: 'GET',
    route: 'access/v1/requests/[taskId]',
    path: ({ task }) => `/access/v1/requests/${task}`,
    body: () => null,
    foreign: 'task_unknown',
    pipeline: 'task_unknown',
  },
  {
    method: 'POST',
    route: 'access/v1/requests/[taskId]/cancel',
    path: ({ task }) => `/access/v1/requests/${task}/cancel`,
    body: () => ({}),
    foreign: 'task_unknown',
    pipeline: 'task_unknown',
  },
  {
    method: 'POST',
    route: 'access/v1/requests/[taskId]/information',
    path: ({ task }) => `/access/v1/requests/${task}/information`,
    body: () => ({ information_id: 'inf_none', answer: 'The invoice is attached.' }),
    foreign: 'task_unknown',
    pipeline: 'task_unknown',
  },
  {
    method: 'POST',
    route: 'access/v1/approvals/[approvalId]/redeem',
    path: ({ approval }) => `/access/v1/approvals/${approval}/redeem`,
    body: ({ token }, organisation) => ({ token, action: actionOf(organisation) }),
    foreign: 'unknown_approval',
    pipeline: 'producer_kind',
  },
  {
    method: 'POST',
    route: 'access/v1/approvals/[approvalId]/outcome',
    path: ({ approval }) => `/access/v1/approvals/${approval}/outcome`,
    body: () => ({ state: 'forwarded', downstream: [] }),
    foreign: 'unknown_approval',
    pipeline: 'unknown_approval',
  },
  {
    method: 'POST',
    route: 'api/v1/payloads',
    path: () => '/api/v1/payloads',
    body: () => ({
      subject: `tok_${randomBytes(16).toString('hex')}`,
      media_type: 'text/plain',
      salt: randomBytes(32).toString('base64'),
      content: randomBytes(8).toString('base64'),
    }),
    pipeline: 201,
  },
  {
    method: 'POST',
    route: 'api/v1/conformance',
    path: () => '/api/v1/conformance',
    body: () => ({ payloadType: 'none' }),
    pipeline: 200,
  },
  {
    method: 'POST',
    route: 'api/v1/vault/tokens',
    path: () => '/api/v1/vault/tokens',
    body: () => ({ items: [{ type: 'mrn', identifier: `MRN-${randomBytes(6).toString('hex')}` }] }),
    pipeline: 200,
  },
  {
    method: 'POST',
    route: 'api/v1/versions',
    path: () => '/api/v1/versions',
    body: () => {
      const content = randomBytes(8).toString('hex');
      const digest = `sha-256:${createHash('sha256').update(content).digest('hex')}`;
      return { kind: 'prompt', name: 'transfer', version: '7', media_type: 'text/plain', digest, content };
    },
    pipeline: 201,
  },
];

/** What was signed, where it differs from what arrives. */
export interface Forgery {
  signer?: { keyid: string; seed: Uint8Array };
  signedMethod?: string;
  signedUrl?: (url: string) => string;
  /** Where it arrives, as the `Host` header and the request line say. */
  sentUrl?: (url: string) => string;
  signedBody?: Uint8Array;
  createdS?: number;
  nonce?: string;
  /** Headers as they arrive; null takes one away. */
  headers?: (signed: Record<string, string>) => Record<string, string | null>;
}

/** A request to `path`, signed as `forgery` says and otherwise truly. */
export function signedRequest(
  sent: {
    method: string;
    path: string;
    body: Uint8Array | null;
    signer: { keyid: string; seed: Uint8Array };
  },
  forgery: Forgery = {},
): Request {
  const url = `${ORIGIN}${sent.path}`;
  const signer = forgery.signer ?? sent.signer;
  const signedBody = forgery.signedBody ?? sent.body;
  const signed = signRequest({
    method: forgery.signedMethod ?? sent.method,
    targetUri: forgery.signedUrl?.(url) ?? url,
    ...(signedBody ? { body: signedBody } : {}),
    keyid: signer.keyid,
    seed: signer.seed,
    createdS: forgery.createdS ?? Math.floor(Date.now() / 1000),
    nonce: forgery.nonce ?? randomBytes(16).toString('hex'),
  });
  const headers = new Headers(sent.body ? { 'content-type': 'application/json' } : {});
  headers.set('idempotency-key', `key-${randomBytes(8).toString('hex')}`);
  for (const [name, value] of Object.entries({ ...signed, ...forgery.headers?.(signed) }))
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  return new Request(forgery.sentUrl?.(url) ?? url, {
    method: sent.method,
    headers,
    ...(sent.body ? { body: new Uint8Array(sent.body) } : {}),
  });
}

/** The row's own request, truly signed by `signer` unless `forgery` says otherwise. */
export function rowRequest(
  row: MachineRow,
  named: MachineNames,
  sender: { organisation: Organisation; signer: { keyid: string; seed: Uint8Array } },
  forgery: Forgery = {},
): Request {
  const body = row.body(named, sender.organisation);
  return signedRequest(
    {
      method: row.method,
      path: row.path(named),
      body: body === null ? null : utf8(JSON.stringify(body)),
      signer: sender.signer,
    },
    forgery,
  );
}
