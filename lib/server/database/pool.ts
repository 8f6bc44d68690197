import type { Writable } from 'node:stream';
import { Client, Pool, type PoolClient, types } from 'pg';
import { getConfig } from '../config';
import { sharedSingleton } from '../shared-singleton';

// bigint columns (positions, sizes, sequence numbers) stay below 2^53 by construction; a larger one must not round.
types.setTypeParser(types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('bigint outside ±(2^53−1)');
  return value;
});

/** The process's connections under the app's role. Commits are durable: `synchronous_commit` is on. */
export function getPool(): Pool {
  return sharedSingleton('pool', () => {
    const config = getConfig();
    return openPool(config.databaseUrl, config.poolSize);
  });
}

/** A pool whose dying connections do not end the process. */
export function openPool(connectionString: string, max: number): Pool {
  const pool = new Pool({
    connectionString,
    max,
    // Statements that are sent together are answered in one round trip; see `side-by-side.ts`.
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    options:
      '-c synchronous_commit=on -c statement_timeout=60000 -c idle_in_transaction_session_timeout=30000',
  });
  // A connection that dies, idle or in use, must not end the process; the query that meets it reports the outage.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    packStatements(client);
  });
  return pool;
}

/** What is sent on a connection in one turn of the event loop leaves in one packet: each costs a call of the system. */
function packStatements(client: PoolClient): void {
  // Not in pg's types, and public in its source since its first version.
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  let packing = false;
  const pack = (...given: unknown[]) => {
    if (!packing) {
      packing = true;
      stream.cork();
      process.nextTick(() => {
        packing = false;
        stream.uncork();
      });
    }
    // Looked up at each call: the fault drill stands in its place, and must see every statement.
    return Reflect.apply(Client.prototype.query, client, given);
  };
  client.query = pack as typeof client.query;
}
