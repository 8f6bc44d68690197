import { listCounterpartyClasses } from '@/lib/policy/classify-counterparty';
import { nowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { getActivePolicy } from './get-active-policy';

/** The classes of counterparties that limits may name now; without a policy those that every policy has. */
export async function listClasses(tenant: string): Promise<string[]> {
  try {
    const { document } = await getActivePolicy(tenant, nowMs(), getPool());
    return listCounterpartyClasses(document);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'policy_missing') return ['known', 'new'];
    throw error;
  }
}
