/**
 * The console of another site as a process of its own: its database, keys and address, the real handlers on HTTP. It does
 * what its parent asks over IPC and tells what came of it.
 */

import { formatBase64 } from '@/lib/core/encoding';
import { signCheckpoint } from '@/lib/integrity/checkpoint';
import { getPool } from '@/lib/server/database/pool';
import { publishConsoleKeys } from '@/lib/server/health/publish-console-keys';
import { createKeys } from '@/lib/server/keys/key-directory';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { logSigner } from '@/lib/server/log/log-head';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import { addPeer } from '@/lib/server/mesh/add-peer';
import { getOwnIdentity } from '@/lib/server/mesh/own-identity';
import { shareWithPeer } from '@/lib/server/mesh/share-with-peer';
import { ingestRecords } from '@/lib/server/records/ingest';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { consistencyBetween } from './consistency-between';
import { PEER_TENANT, type PeerOrders } from './peer-orders';
import { serveRoutes } from './serve-routes';

async function main(): Promise<void> {
  createKeys(process.env.COUNTERSIGN_DATA as string);
  await publishConsoleKeys();
  await openLog();
  await createTestTenant(PEER_TENANT);
  const agent = await createTestProducer(PEER_TENANT, { path: 'agent/triage' });
  await serveRoutes(Number(new URL(process.env.COUNTERSIGN_ORIGIN as string).port));
  process.on('message', (order: { n: number; name: keyof PeerOrders; asks: never }) => {
    obey(order.name, order.asks, agent).then(
      (tells) => process.send?.({ n: order.n, tells }),
      (error: unknown) => process.send?.({ n: order.n, error: String(error) }),
    );
  });
  process.once(
    'disconnect',
    () =>
      void getPool()
        .end()
        .then(() => process.exit(0)),
  );
  process.send?.({ n: 0, tells: 'ready' });
}

async function obey(name: keyof PeerOrders, asks: never, agent: TestProducer): Promise<unknown> {
  switch (name) {
    case 'identity':
      return getOwnIdentity();
    case 'pin':
      await addPeer(asks);
      return null;
    case 'share':
      await shareWithPeer(asks);
      return null;
    case 'decide': {
      const { ids, checkpoint } = asks as PeerOrders['decide']['asks'];
      const results = await ingestRecords(
        null,
        ids.map((id) => agent.record({ id })),
      );
      if (results.some(({ status }) => status !== 'accepted')) throw new Error(JSON.stringify(results));
      if (checkpoint) await sequence({ force: true });
      return (await getCheckpoint())?.size ?? 0;
    }
    case 'fork': {
      const { size } = asks as PeerOrders['fork']['asks'];
      const signer = logSigner();
      const root = new Uint8Array(32).fill(7);
      return formatBase64(signCheckpoint({ origin: signer.name, size, root }, signer));
    }
    case 'submission':
      return consistencyBetween((asks as PeerOrders['submission']['asks']).oldSize);
  }
}

await main();
