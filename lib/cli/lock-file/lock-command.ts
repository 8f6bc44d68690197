import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../project-root';
import { completeLock, type LockFile, listMissing } from './complete-lock';

/** `countersign lock`: completes package-lock.json after an install. */
export async function lockCommand(): Promise<number> {
  const file = join(PROJECT_ROOT, 'package-lock.json');
  const lock: LockFile = JSON.parse(readFileSync(file, 'utf8'));
  const added = listMissing(lock);
  const completed = completeLock(lock);
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(completed, null, 2)}\n`);
  for (const { name, version } of added) console.log(`added ${name}@${version}`);
  const left = listMissing(completed);
  for (const { from, name, version } of left)
    console.error(`${from} wants ${name}@${version}, whose platform or version its name does not tell`);
  return left.length === 0 ? 0 : 1;
}
