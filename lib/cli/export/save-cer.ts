import { writeFile } from 'node:fs/promises';
import { verifyCer } from '@/lib/evidence/cer/verify-cer';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import type { PersonClient } from '../person-client';
import { Refusal } from '../refusal';

export interface SavedCer {
  path: string;
  size: number;
  certificateHash: string;
}

/**
 * Saves one decision as a Certified Execution Record, once its own hashes fit.
 * @throws PersonRequestError, Refusal
 */
export async function saveCer(
  person: Pick<PersonClient, 'stream'>,
  { scope, purpose, caseReference }: ExportRequest,
  path: string,
): Promise<SavedCer> {
  if (scope.kind !== 'decision') throw new Refusal('One decision becomes one Certified Execution Record.');
  const asked = { decision: scope.decision, purpose, caseReference };
  const response = await person.stream('/api/v1/evidence/cer', asked);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { verdict, summary } = await verifyCer(bytes, []);
  const certificateHash = summary.find(({ label }) => label === 'Certificate hash')?.text;
  if (verdict === 'invalid' || certificateHash === undefined)
    throw new Refusal('What arrived is no whole Certified Execution Record; nothing was saved.');
  await writeFile(path, bytes, { mode: 0o600, flush: true });
  return { path, size: bytes.length, certificateHash };
}
