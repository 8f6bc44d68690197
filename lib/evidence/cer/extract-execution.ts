import { utf8 } from '@/lib/core/bytes';
import { parseCer, readExecution } from './parse-cer';

/**
 * The one execution of this hash in a file that was imported: a bundle in the very bytes in which it arrived, one out of a
 * package or a project printed from what was parsed (its hash is over its canonical form). Null when the file is not of it.
 */
export function extractExecution(bytes: Uint8Array, certificateHash: string): Uint8Array | null {
  const read = parseCer(bytes);
  if (!read.ok) return null;
  const document = read.value;
  if (document.kind === 'execution')
    return document.execution.certificateHash === certificateHash ? bytes : null;
  const candidates =
    document.kind === 'package'
      ? [document.execution.json]
      : document.project.steps.map(({ embedded }) => embedded);
  for (const candidate of candidates) {
    const execution = readExecution(candidate);
    if (execution.ok && execution.value.certificateHash === certificateHash)
      return utf8(JSON.stringify(execution.value.json));
  }
  return null;
}
