import type { CerExportRequest } from '@/lib/evidence/cer/cer-export-request';
import { verifyCer } from '@/lib/evidence/cer/verify-cer';
import { fetchAnswer, RequestError } from '../fetch-json';

export interface ReceivedCer {
  name: string;
  blob: Blob;
  /** `sha256:…`, recomputed here over what arrived. */
  certificateHash: string;
}

/**
 * Asks for one decision as a Certified Execution Record. It counts as received only when its own hashes fit here.
 * @throws RequestError
 */
export async function receiveCer(request: CerExportRequest): Promise<ReceivedCer> {
  const response = await fetchAnswer('/api/v1/evidence/cer', { method: 'POST', body: request });
  const bytes = new Uint8Array(
    await response.arrayBuffer().catch(() => {
      throw new RequestError('The connection broke before the record was whole; nothing was saved.', 0);
    }),
  );
  const { verdict, summary } = await verifyCer(bytes, []);
  const certificateHash = summary.find(({ label }) => label === 'Certificate hash')?.text;
  if (verdict === 'invalid' || certificateHash === undefined)
    throw new RequestError('What arrived is no whole Certified Execution Record; nothing was saved.', 0);
  const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return {
    name: named ?? 'decision.cer.json',
    blob: new Blob([bytes], { type: 'application/json' }),
    certificateHash,
  };
}
