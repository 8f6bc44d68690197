import { formatBase64url } from '@/lib/core/encoding';
import type { ProducerView } from '@/lib/producers/producer';
import { producerKind } from '@/lib/producers/producer';
import { getPrisma } from '../database/prisma';

/** The tenant's producers with their keys, retired ones included, in id order. */
export async function listProducers(tenant: string): Promise<ProducerView[]> {
  const producers = await getPrisma().producer.findMany({
    where: { tenant },
    include: { producerKeys: { orderBy: [{ validFrom: 'asc' }, { keyid: 'asc' }] } },
    orderBy: { id: 'asc' },
  });
  return producers.map((producer) => ({
    id: producer.id,
    name: producer.name,
    kind: producerKind.parse(producer.kind),
    createdAt: producer.createdAt.toISOString(),
    disabledAt: producer.disabledAt?.toISOString() ?? null,
    keys: producer.producerKeys.map((key) => ({
      keyid: key.keyid,
      publicKey: formatBase64url(key.publicKey),
      validFrom: key.validFrom.toISOString(),
      retiredAt: key.retiredAt?.toISOString() ?? null,
    })),
  }));
}
