import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import {
  type FlowView,
  type Impression,
  type Recommendation,
  recommendationSchema,
} from '@/lib/escalations/flow-view';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import { readPayload } from '../payloads/read-payload';

/** A machine's recommendation for one person: hidden until their own first impression is recorded. */
export async function findRecommendation(
  tx: Tx,
  escalation: Pick<EscalationRecord, 'id' | 'tenant' | 'recommendationRef'>,
  person: string,
): Promise<FlowView['recommendation']> {
  if (escalation.recommendationRef === null) return { state: 'none' };
  const impression = await findImpression(tx, escalation, person);
  if (!impression) return { state: 'hidden' };
  return {
    state: 'shown',
    words: await readRecommendation(tx, escalation),
    impression: impression.impression,
  };
}

export interface ImpressionRow {
  impression: Impression;
  recommended: Impression;
  at: Date;
}

export async function findImpression(
  tx: Tx,
  { id, tenant }: { id: string; tenant: string },
  person: string,
): Promise<ImpressionRow | null> {
  const found = await tx.query<ImpressionRow>(
    'SELECT impression, recommended, at FROM first_impressions WHERE escalation = $1 AND tenant = $2 AND person = $3',
    [id, tenant, person],
  );
  return found.rows[0] ?? null;
}

/** Null when it was erased, or is not what was stored. */
export async function readRecommendation(
  tx: Tx,
  { tenant, recommendationRef }: Pick<EscalationRecord, 'tenant' | 'recommendationRef'>,
): Promise<Recommendation | null> {
  if (recommendationRef === null) return null;
  const payload = await readPayload(tx, { tenant, ref: recommendationRef });
  const text = payload ? decodeUtf8(payload.bytes) : null;
  const json = text?.ok ? parseJson(text.value) : null;
  const words = json?.ok ? recommendationSchema.safeParse(json.value) : null;
  return words?.success ? words.data : null;
}
