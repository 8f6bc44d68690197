import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { ServiceError } from '../errors';
import { getTelemetry } from '../telemetry/telemetry';
import { getPool } from './pool';

/** What a verb needs of a connection: it never opens or ends the transaction itself. */
export type Tx = Pick<PoolClient, 'query'>;

const names = new Map<string, string>();

/** PostgreSQL has 63 characters for a statement's name. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

/**
 * The same connection, each statement parsed and planned once on it instead of every time. For transactions that run often
 * and send few texts, always the same.
 */
export function prepared(tx: Tx): Tx {
  return {
    query: ((query: unknown, values?: unknown[]) =>
      typeof query === 'string'
        ? tx.query({ name: nameOf(query), text: query, values: values ?? [] })
        : tx.query(query as Parameters<Tx['query']>[0])) as Tx['query'],
  };
}

/**
 * Until the transaction ends, prepared statements keep the one plan that fits any values: for those that find everything
 * by key, where PostgreSQL would go on planning for each value what comes out the same.
 */
export async function planOnce(tx: Tx): Promise<void> {
  await tx.query("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)");
}

/** SQLSTATEs after which the same transaction may simply be tried again (PostgreSQL Appendix A). */
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction and commits it. On a serialisation failure or deadlock the whole `work` runs again
 * (at most 5 times), so it must have no effect outside the database before the commit.
 * @param pool the app's role unless told otherwise
 * @throws ServiceError `database_unavailable` when no connection can be had.
 */
export async function inTransaction<T>(work: (tx: Tx) => Promise<T>, pool: Pool = getPool()): Promise<T> {
  const telemetry = getTelemetry();
  return telemetry ? telemetry.child('transaction', () => transact(work, pool)) : transact(work, pool);
}

async function transact<T>(work: (tx: Tx) => Promise<T>, pool: Pool): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let client: PoolClient;
    try {
      client = await pool.connect();
    } catch (cause) {
      throw new ServiceError('database_unavailable', undefined, { cause });
    }
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      try {
        await client.query('ROLLBACK');
      } catch (rollbackError) {
        broken = rollbackError as Error;
      }
      const state = (error as { code?: unknown }).code;
      if (attempt < 5 && typeof state === 'string' && RETRYABLE.has(state)) continue;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
