import { open, stat } from 'node:fs/promises';
import type { ArtefactFile } from '@/lib/evidence/artefact/artefact-file';
import { Refusal } from '../refusal';

/** A file of this machine that is read piece by piece. @throws Refusal when there is none */
export async function openFile(path: string): Promise<ArtefactFile> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new Refusal(`There is no file ${path}.`);
  return {
    name: path,
    size: found.size,
    async read(from, to) {
      const handle = await open(path, 'r');
      try {
        const bytes = new Uint8Array(Math.max(0, to - from));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}
