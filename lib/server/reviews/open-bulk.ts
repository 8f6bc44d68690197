import type { BulkItem } from '@/lib/escalations/bulk';
import { nowMs as clockNowMs } from '../clock';
import { getDetail } from '../escalations/get-detail';
import { openReview } from './open';
import type { Reviewer } from './reviewer';

/**
 * Shows a person an exact set of escalations: for each, what it is and the digests that a verdict on it would name. Each is
 * disclosed and opened like on its own page, and its reading counts from here. What may not be decided says so by itself.
 * @throws ServiceError `escalation_unknown` for a set that names what is not there
 */
export async function openBulk(
  viewer: Reviewer,
  ids: readonly string[],
  { nowMs = clockNowMs() } = {},
): Promise<BulkItem[]> {
  const items: BulkItem[] = [];
  for (const id of new Set(ids)) {
    const detail = await getDetail(viewer, id, { nowMs });
    if (detail.may.decide) await openReview(viewer, id, { nowMs });
    const { row, actionDigest, displayDigest, instance, may } = detail;
    items.push({
      id,
      sentence: row.sentence,
      tier: row.tier,
      state: row.state,
      expiresAt: row.expiresAt,
      actionDigest,
      displayDigest,
      instance,
      version: row.version,
      code: may.decide ? null : may.code,
    });
  }
  return items;
}
