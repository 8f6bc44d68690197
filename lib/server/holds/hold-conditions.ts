/**
 * What a hold covers, as SQL over the tenant's holds that are not released. Deletions ask it inside their own transaction
 * after `lockHolds`, so that a hold that was placed first always wins.
 */
const ACTIVE = `NOT EXISTS (SELECT 1 FROM hold_releases hr WHERE hr.hold = h.id)`;

const IN_WINDOW = (at: string): string =>
  `(h.from_at IS NULL OR ${at} >= h.from_at) AND (h.until_at IS NULL OR ${at} < h.until_at)`;

/** A case covers every subject that was looked up under it. */
const UNDER_CASE = (subjects: string): string =>
  `(h.scope_case IS NULL OR EXISTS (SELECT 1 FROM looks hl
      WHERE hl.tenant = h.tenant AND hl.case_ref = h.scope_case AND hl.target = ANY(${subjects})))`;

/** An agent's contents are those that came from it, and those about whom it decided; of what a producer
 * handed over and nobody can tell, it is assumed. */
const BY_AGENT = `(h.agents = '{}' OR p.agent = ANY(h.agents)
  OR EXISTS (SELECT 1 FROM decision_subjects hs JOIN decisions hd
       ON hd.tenant = hs.tenant AND hd.occurred_at = hs.occurred_at AND hd.id = hs.id
      WHERE hs.tenant = p.tenant AND hs.token = ANY(p.subjects) AND hd.agent = ANY(h.agents))
  OR (p.agent IS NULL AND p.kind = 'producer_payload' AND NOT EXISTS (SELECT 1 FROM decision_subjects hs
       WHERE hs.tenant = p.tenant AND hs.token = ANY(p.subjects))))`;

/** True for a row `p` of `payloads` that the hold `h` covers. */
export const HOLD_COVERS_PAYLOAD = `h.tenant = p.tenant AND ${ACTIVE}
  AND (h.subjects = '{}' OR h.subjects && p.subjects) AND ${BY_AGENT} AND ${IN_WINDOW('p.created_at')} AND ${UNDER_CASE('p.subjects')}`;

/** True for a row `p` of `payloads` that some hold covers. */
export const PAYLOAD_IS_HELD = `EXISTS (SELECT 1 FROM holds h WHERE ${HOLD_COVERS_PAYLOAD})`;

/**
 * True for a subject `s(tenant, token)` that some hold covers: by name, by a decision about them of that agent and time, or by
 * contents about them that the hold covers, also where it names somebody else whom the same contents are about.
 */
export const SUBJECT_IS_HELD = `(EXISTS (SELECT 1 FROM holds h WHERE h.tenant = s.tenant AND ${ACTIVE}
  AND (h.subjects = '{}' OR s.token = ANY(h.subjects)) AND ${UNDER_CASE('ARRAY[s.token]')}
  AND ((h.agents = '{}' AND h.from_at IS NULL AND h.until_at IS NULL)
    OR EXISTS (SELECT 1 FROM decision_subjects hs JOIN decisions hd
         ON hd.tenant = hs.tenant AND hd.occurred_at = hs.occurred_at AND hd.id = hs.id
        WHERE hs.tenant = s.tenant AND hs.token = s.token AND (h.agents = '{}' OR hd.agent = ANY(h.agents))
          AND ${IN_WINDOW('hd.occurred_at')})))
  OR EXISTS (SELECT 1 FROM payloads p WHERE p.tenant = s.tenant AND p.subjects @> ARRAY[s.token] AND ${PAYLOAD_IS_HELD}))`;
