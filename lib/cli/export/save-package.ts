import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatDigest } from '@/lib/core/hash';
import { Sha256Stream } from '@/lib/core/sha256-stream';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import { openEvidencePackage } from '@/lib/evidence/package/open-package';
import { PACKAGE_SENTENCES } from '@/lib/evidence/package/package-error';
import type { PersonClient } from '../person-client';
import { Refusal } from '../refusal';
import { openFile } from '../verify/open-file';

export interface SavedPackage {
  path: string;
  id: string;
  size: number;
  /** `sha-256:` and hex, over the file. */
  digest: string;
  decisions: number;
  more: string | null;
}

/**
 * Asks for one package and writes it beside its place; it takes its place only when it is whole and opens.
 * @throws PersonRequestError, Refusal
 */
export async function savePackage(
  person: PersonClient,
  request: ExportRequest,
  path: string,
  say: (detail: string) => void = () => {},
): Promise<SavedPackage> {
  const response = await person.stream('/api/v1/evidence', request);
  if (!response.body) throw new Refusal('The console answered without a package.');
  const part = `${path}.part`;
  const hash = new Sha256Stream();
  let bytes = 0;
  try {
    await pipeline(
      Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          bytes += chunk.length;
          say(`${bytes.toLocaleString('en')} bytes`);
          yield chunk;
        }
      },
      createWriteStream(part, { flags: 'w', mode: 0o600, flush: true }),
    );
    const opened = await openEvidencePackage(await openFile(part));
    if (!opened.ok) throw new Refusal(`What arrived is no package: ${PACKAGE_SENTENCES[opened.code]}`);
    await rename(part, path);
    const { manifest, size } = opened.value;
    return {
      path,
      id: manifest.export.id,
      size,
      digest: formatDigest('sha-256', hash.digest()),
      decisions: manifest.decisions.length,
      more: manifest.more,
    };
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof TypeError || (error as { code?: unknown }).code === 'UND_ERR_SOCKET')
      throw new Refusal('The connection broke before the package was whole; nothing was saved.');
    throw error;
  }
}
