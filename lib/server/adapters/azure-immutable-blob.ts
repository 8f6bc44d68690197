/**
 * Azure Blob Storage with version-level immutability (REST API 2021-12-02): a blob whose policy is `Locked` can neither be
 * changed nor deleted before its date, by nobody. Authorised by a shared access signature with read, write and
 * immutability-policy permission (`sp=rwi`) on the container.
 */
import { z } from 'zod';
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

const settings = z.strictObject({
  provider: z.literal('azure'),
  /** `https://<account>.blob.core.windows.net`. */
  endpoint: serviceAddress,
  container: z.string().regex(/^[a-z0-9](-?[a-z0-9]){2,62}$/, 'a container’s name'),
  /** Query string of the shared access signature, without question mark. */
  sasToken: z
    .string()
    .max(2_000)
    .regex(/^[A-Za-z0-9%=&._~+:-]+$/, 'a query string')
    .refine((text) => new URLSearchParams(text).has('sig'), 'a query string with a signature'),
  ...storeSettings,
});
export type AzureImmutableBlobSettings = z.infer<typeof settings>;

const API_VERSION = '2021-12-02';

export const azureImmutableBlobAdapter: WitnessAdapter<AzureImmutableBlobSettings> = {
  type: 'worm',
  settings,
  secretFields: ['sasToken'],
  stamp: (request, options) => stampInStore(openStore(options, request.signal), request, options),
};

function openStore(
  { endpoint, container, sasToken }: AzureImmutableBlobSettings,
  signal: AbortSignal,
): WriteOnceStore {
  const call = (
    method: 'GET' | 'PUT',
    key: string,
    query: Readonly<Record<string, string>>,
    more: { headers?: Record<string, string>; body?: Uint8Array } = {},
  ): Promise<ServiceAnswer> => {
    const parameters = new URLSearchParams(sasToken);
    for (const [name, value] of Object.entries(query)) parameters.set(name, value);
    return callService({
      url: `${endpoint}/${container}/${key}?${parameters}`,
      method,
      headers: { 'x-ms-version': API_VERSION, ...more.headers },
      ...(more.body ? { body: more.body } : {}),
      signal,
      maxAnswerBytes: MAX_OBJECT_BYTES,
    });
  };
  return {
    provider: 'azure',
    bucket: container,

    async read(key, versionId) {
      const answer = await call('GET', key, versionId === null ? {} : { versionid: versionId });
      if (answer.status === 404 && errorWord(answer) === 'BlobNotFound') return null;
      if (answer.status !== 200) throw refusedByStore('Azure', answer.status, errorWord(answer));
      const { headers, body } = answer;
      const hold = headers.get('x-ms-legal-hold');
      return {
        bytes: body,
        versionId: headers.get('x-ms-version-id'),
        checksumSha256: null,
        mode: headers.get('x-ms-immutability-policy-mode'),
        retainUntilMs: readStoreDate(headers.get('x-ms-immutability-policy-until-date')),
        legalHold: hold === null ? null : hold === 'true',
      };
    },

    async write(key, bytes, retainUntilMs) {
      const headers = {
        'x-ms-blob-type': 'BlockBlob',
        'x-ms-immutability-policy-mode': 'Locked',
        'x-ms-immutability-policy-until-date': new Date(retainUntilMs).toUTCString(),
        'content-type': 'text/plain; charset=utf-8',
      };
      const answer = await call('PUT', key, {}, { headers, body: bytes });
      if (answer.status !== 201) throw refusedByStore('Azure', answer.status, errorWord(answer));
      const versionId = answer.headers.get('x-ms-version-id');
      // Without versions a locked policy protects nothing from being replaced.
      if (!versionId) {
        throw new WitnessError('witness_misconfigured', 'the container keeps no versions of its blobs');
      }
      return versionId;
    },
  };
}

function errorWord({ headers }: ServiceAnswer): string {
  const word = headers.get('x-ms-error-code') ?? '';
  return /^[A-Za-z]{1,60}$/.test(word) ? word : '';
}
