import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../prisma/client';
import { sharedSingleton } from '../shared-singleton';
import { getPool } from './pool';

/** Prisma over our own pool, for ordinary reads and writes; hot paths and journalled verbs use SQL in a transaction. */
export function getPrisma(): PrismaClient {
  return sharedSingleton(
    'prisma',
    () => new PrismaClient({ adapter: new PrismaPg(getPool(), { disposeExternalPool: false }) }),
  );
}
