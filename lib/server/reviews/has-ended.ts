/**
 * SQL for a row `r` of `reviews`, or another that names an `escalation` of its `tenant`, whose escalation has ended.
 * Numbers count a verdict from then on: before, one more verdict in them would tell a second reviewer of the first.
 */
export const HAS_ENDED = `EXISTS (
  SELECT 1 FROM escalations ended WHERE ended.id = r.escalation AND ended.tenant = r.tenant AND ended.state <> 'pending')`;
