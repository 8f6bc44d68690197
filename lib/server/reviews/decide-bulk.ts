import type { BulkResult, DecideBulkRequest } from '@/lib/escalations/bulk';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { findEscalation } from '../escalations/escalation-record';
import { getActivePolicy } from '../policies/get-active-policy';
import { decideEscalation } from './decide';
import type { Reviewer } from './reviewer';

/**
 * One verdict on each of an exact set, each in a transaction of its own with every gate, statement and record of a single
 * one: what fails fails alone and says why. Together they are approved only in the tiers that the policy names.
 * @throws ServiceError `database_unavailable` and the like, when nothing more can be told about the rest
 */
export async function decideBulk(
  viewer: Reviewer,
  { items, ...verdict }: DecideBulkRequest,
  { nowMs = clockNowMs() } = {},
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (const { id, ...seen } of items) {
    try {
      if (verdict.verdict === 'approve') await requireBulkTier(viewer, id, nowMs);
      const answer = await decideEscalation(viewer, id, { ...verdict, ...seen }, { nowMs });
      results.push({ id, ok: true, answer });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      results.push({ id, ok: false, code: error.code, detail: error.detail ?? null });
    }
  }
  return results;
}

async function requireBulkTier(viewer: Reviewer, id: string, nowMs: number): Promise<void> {
  const tenant = viewer.tenant.id;
  const escalation = await findEscalation(getPool(), { tenant, id });
  if (!escalation) throw new ServiceError('escalation_unknown');
  const { document } = await getActivePolicy(tenant, nowMs);
  if (!document.review.bulkApproveTiers.includes(escalation.tier))
    throw new ServiceError('bulk_not_allowed', 'Open it and approve it by itself.');
}
