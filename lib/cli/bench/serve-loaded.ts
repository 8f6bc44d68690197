import { Agent, request } from 'node:http';
import { findFreePort } from '@/lib/server/database/embedded';
import { getPool } from '@/lib/server/database/pool';
import { createPerson } from '@/lib/server/identity/create-person';
import { formatSession, sessionCookieName } from '@/lib/server/identity/session-cookie';
import { startServer } from '../console/start-server';
import { BENCH_TENANT } from './bench-producer';
import { openLoadedDatabase } from './open-loaded-database';
import { requireBuild } from './require-build';

/** A console over so many decisions, asked by a compliance officer who is signed in. */
export interface LoadedConsole {
  total: number;
  durability: string;
  appUrl: string;
  serverPid: number | undefined;
  /** The whole answer's body. @throws Error unless it is 200 */
  get(path: string): Promise<Buffer>;
  /** The answer piece by piece. */
  stream(path: string, take: (piece: Buffer) => void): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Refusal when there is no build */
export async function serveLoaded(total: number, directory: string | undefined): Promise<LoadedConsole> {
  requireBuild();
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const database = await openLoadedDatabase(origin, total, directory);
  try {
    const server = await startServer({ port, host: '127.0.0.1', env: database.env, onOutput: () => {} });
    const cookie = await signInCompliance();
    const agent = new Agent({ keepAlive: true });
    const stream: LoadedConsole['stream'] = (path, take) =>
      new Promise((resolve, reject) => {
        const sent = request(new URL(path, origin), { agent, headers: { cookie } }, (response) => {
          if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
          response.on('data', take);
          response.once('error', reject);
          response.once('end', resolve);
        });
        sent.once('error', reject);
        sent.end();
      });
    return {
      total,
      durability: database.durability,
      appUrl: database.appUrl,
      serverPid: server.pid,
      stream,
      get: async (path) => {
        const pieces: Buffer[] = [];
        await stream(path, (piece) => pieces.push(piece));
        return Buffer.concat(pieces);
      },
      stop: async () => {
        agent.destroy();
        await server.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** A compliance officer of the bench's organisation. @returns the cookie of their session, `name=value` */
export async function signInCompliance(): Promise<string> {
  const email = `bench.${Date.now()}@example.org`;
  const { id } = await createPerson({ tenant: BENCH_TENANT, email, name: 'Bench', roles: ['compliance'] });
  await getPool().query('ANALYZE people, memberships');
  return `${sessionCookieName()}=${encodeURIComponent(await formatSession(id))}`;
}
