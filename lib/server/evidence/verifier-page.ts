import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { sharedSingleton } from '../shared-singleton';

export interface VerifierPage {
  bytes: Uint8Array;
  /** `sha-256:` and hex. */
  digest: string;
}

/** The verifier as one self-contained file, built with the console; null in a console that was not built with it. */
export function getVerifierPage(): Promise<VerifierPage | null> {
  return sharedSingleton('verifier-page', async () => {
    try {
      const bytes = new Uint8Array(
        await readFile(join(/* turbopackIgnore: true */ process.cwd(), 'public', 'verify.html')),
      );
      return { bytes, digest: formatDigest('sha-256', sha256(bytes)) };
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return null;
      throw error;
    }
  });
}
