import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_PAYLOAD_BYTES } from '@/lib/producers/payload-request';
import { Refusal } from '../../refusal';
import type { CerFile, CerRefusal } from './select-executions';

/** The files of these paths, and every `.json` of the folders among them, in the order of their names. @throws Refusal */
export async function readCerFiles(
  paths: readonly string[],
): Promise<{ files: CerFile[]; refused: CerRefusal[] }> {
  const names = (await Promise.all(paths.map(listFiles))).flat();
  const files: CerFile[] = [];
  const refused: CerRefusal[] = [];
  for (const name of [...new Set(names)]) {
    const { size } = await stat(name);
    if (size > MAX_PAYLOAD_BYTES)
      refused.push({
        file: name,
        reason: `It is larger than a payload may be (${MAX_PAYLOAD_BYTES.toLocaleString('en')} bytes).`,
      });
    else files.push({ name, bytes: new Uint8Array(await readFile(name)) });
  }
  return { files, refused };
}

async function listFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) throw new Refusal(`There is no file or folder ${path}.`);
  const names = (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => join(path, name))
    .sort();
  if (names.length === 0) throw new Refusal(`The folder ${path} holds no .json files.`);
  return names;
}
