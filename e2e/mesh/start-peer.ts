import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findFreePort } from '@/lib/server/database/embedded';
import { migrate } from '@/lib/server/database/migrate';
import { APP_ROLE, VAULT_ROLE } from '@/lib/server/database/privileges';
import type { PeerOrders } from './peer-orders';

export interface PeerConsole {
  origin: string;
  /** Its database as the superuser, for tampering. */
  owner: Client;
  ask<N extends keyof PeerOrders>(name: N, asks: PeerOrders[N]['asks']): Promise<PeerOrders[N]['tells']>;
  stop: () => Promise<void>;
}

export interface PeerOptions {
  /** A running PostgreSQL, as its superuser. */
  ownerUrl: string;
  /** Password of the app's role there. */
  appPassword: string;
  vaultPassword: string;
  /** A migrated database to copy; null: one is migrated here. */
  template: string | null;
}

/** Starts the console of another site: a database of its own, keys of its own, a process of its own. */
export async function startPeer(options: PeerOptions): Promise<PeerConsole> {
  const { appPassword, vaultPassword, template } = options;
  const ownerUrl = new URL(options.ownerUrl);
  const at = (pathname: string) => Object.assign(new URL(ownerUrl), { pathname }).href;
  const name = `peer_${randomBytes(6).toString('hex')}`;
  const admin = new Client({ connectionString: at('/postgres') });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}${template === null ? '' : ` TEMPLATE ${template}`}`);
  if (template === null) {
    const directory = join(process.cwd(), 'prisma/migrations');
    await migrate({ ownerUrl: at(`/${name}`), directory, appPassword, vaultPassword });
  }
  const owner = new Client({ connectionString: at(`/${name}`) });
  await owner.connect();
  const data = mkdtempSync(join(tmpdir(), 'countersign-peer-'));
  const origin = `http://127.0.0.1:${await findFreePort()}`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(process.cwd(), 'e2e/mesh/peer-console.ts')],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        TSX_TSCONFIG_PATH: join(process.cwd(), 'tsconfig.json'),
        COUNTERSIGN_DATABASE_URL: Object.assign(new URL(at(`/${name}`)), {
          username: APP_ROLE,
          password: appPassword,
        }).href,
        COUNTERSIGN_VAULT_DATABASE_URL: Object.assign(new URL(at(`/${name}`)), {
          username: VAULT_ROLE,
          password: vaultPassword,
        }).href,
        COUNTERSIGN_DATA: data,
        COUNTERSIGN_ORIGIN: origin,
        NEXTAUTH_URL: origin,
      },
    },
  );
  const orders = listenTo(child);
  await orders.ready;
  return {
    origin,
    owner,
    ask: orders.ask,
    stop: async () => {
      child.disconnect();
      if (child.exitCode === null) await once(child, 'exit');
      await owner.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function listenTo(child: ChildProcess): { ready: Promise<void>; ask: PeerConsole['ask'] } {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', ({ n, tells, error }: { n: number; tells: never; error?: string }) => {
    if (error === undefined) waiting.get(n)?.resolve(tells);
    else waiting.get(n)?.reject(new Error(`peer: ${error}`));
    waiting.delete(n);
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The peer ended (exit ${code}).`));
  });
  const expectAnswer = <T>(n: number) =>
    new Promise<T>((resolve, reject) => waiting.set(n, { resolve: resolve as never, reject }));
  return {
    ready: expectAnswer<void>(0),
    ask: (name, asks) => {
      last += 1;
      const answer = expectAnswer<never>(last);
      child.send({ n: last, name, asks });
      return answer;
    },
  };
}
