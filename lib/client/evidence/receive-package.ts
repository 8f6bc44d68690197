import { formatDigest } from '@/lib/core/hash';
import { Sha256Stream } from '@/lib/core/sha256-stream';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import { openEvidencePackage } from '@/lib/evidence/package/open-package';
import { PACKAGE_SENTENCES } from '@/lib/evidence/package/package-error';
import { fetchAnswer, RequestError } from '../fetch-json';

export interface ReceivedPackage {
  id: string;
  name: string;
  blob: Blob;
  /** `sha-256:` and hex, over the file as it arrived. */
  digest: string;
  decisions: number;
  /** Where the next package of the search begins; null when this is the last. */
  more: string | null;
}

/**
 * Asks for one evidence package and takes it in piece by piece. It counts as received only after it opens: a connection
 * that broke leaves nothing that looks like a file.
 * @throws RequestError; the signal's reason when cancelled
 */
export async function receivePackage(
  request: ExportRequest,
  { signal, progress }: { signal: AbortSignal; progress: (bytes: number) => void },
): Promise<ReceivedPackage> {
  const response = await fetchAnswer('/api/v1/evidence', { method: 'POST', body: request, signal });
  if (!response.body) throw new RequestError('The console did not answer.', 0);
  const hash = new Sha256Stream();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      hash.update(value);
      chunks.push(value);
      bytes += value.length;
      progress(bytes);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError('The connection broke before the package was whole; nothing was saved.', 0);
  }
  const blob = new Blob(chunks, { type: 'application/zip' });
  const opened = await openEvidencePackage(blob);
  if (!opened.ok) throw new RequestError(PACKAGE_SENTENCES[opened.code], 0, opened.code);
  const { manifest } = opened.value;
  const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return {
    id: manifest.export.id,
    name: named ?? `${manifest.export.id}.evidence.zip`,
    blob,
    digest: formatDigest('sha-256', hash.digest()),
    decisions: manifest.decisions.length,
    more: manifest.more,
  };
}
