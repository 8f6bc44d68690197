import { parseTrustFile } from '@/lib/evidence/trust/parse-trust-file';
import { TRUST_SENTENCES } from '@/lib/evidence/trust/trust-error';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { Refusal } from '../refusal';
import { openFile } from './open-file';
import type { TrustArgument } from './verify-settings';

/** What a person pins on the command line. @throws Refusal with the sentence of what is wrong with the file */
export async function readTrust({ path, hints }: TrustArgument): Promise<TrustRoot[]> {
  const file = await openFile(path);
  const parsed = parseTrustFile(file.name, await file.read(0, file.size), hints);
  if (!parsed.ok) {
    const detail = parsed.detail === undefined ? '' : ` (${parsed.detail})`;
    throw new Refusal(`${path}: ${TRUST_SENTENCES[parsed.code]}${detail}`);
  }
  const pinned = { by: 'you on the command line', at: new Date().toISOString() };
  return parsed.value.map((root) => ({ ...root, pinned }));
}
