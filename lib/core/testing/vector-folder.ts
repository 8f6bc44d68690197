/** The collection of published vectors where it lies beside the project: read there, never copied into it. Tests only. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { VectorFiles } from './vector-case';

const ROOT = new URL('../../../../shared/vectors/', import.meta.url);

export const vectorFolder: VectorFiles = {
  readFile: (path) => new Uint8Array(readFileSync(new URL(path, ROOT))),
  listFiles: (folder) => {
    const at = new URL(folder === '' ? '.' : `${folder}/`, ROOT);
    return existsSync(at) && statSync(at).isDirectory() ? readdirSync(at).sort() : [];
  },
};
