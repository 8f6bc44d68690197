import type { Pool } from 'pg';
import { type Config, getConfig } from '../config';
import { getSecret } from '../keys/key-directory';
import { sharedSingleton } from '../shared-singleton';
import { openPool } from './pool';
import { VAULT_ROLE } from './privileges';
import { inTransaction, type Tx } from './transaction';

const MOST_CONNECTIONS = 4;

/** Where the vault's role connects: as configured, or to the app's server under the password of the key directory. */
function vaultUrl(config: Config): string {
  if (config.vaultDatabaseUrl) return config.vaultDatabaseUrl;
  const password = Buffer.from(getSecret('vault.password')).toString('hex');
  return Object.assign(new URL(config.databaseUrl), { username: VAULT_ROLE, password }).href;
}

/** Connections under the vault's role, for the verbs of the vault, holds, retention and erasure only. */
export function getVaultPool(): Pool {
  return sharedSingleton('vault-pool', () => openPool(vaultUrl(getConfig()), MOST_CONNECTIONS));
}

/**
 * The same role for reading and making data keys while a caller's own transaction is open. It is a pool of its own, so
 * that such a caller never waits for a vault transaction that waits for the caller's locks.
 */
export function getSubjectKeyPool(): Pool {
  return sharedSingleton('subject-key-pool', () => openPool(vaultUrl(getConfig()), MOST_CONNECTIONS));
}

/** A transaction that can read the vault and write what the app's role can write. */
export function inVaultTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(work, getVaultPool());
}
