import { getPool } from './pool';
import { getSubjectKeyPool, getVaultPool } from './vault-pool';

/** Closes the process's connections; a command that ends calls it once, last. */
export async function endPools(): Promise<void> {
  await Promise.all([getPool().end(), getVaultPool().end(), getSubjectKeyPool().end()]);
}
