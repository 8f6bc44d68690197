const DAY_MS = 86_400_000;

/** Raw actions and evidence live half a year: long enough for a dispute, short enough to be forgotten. */
export const EVIDENCE_KEPT_MS = 180 * DAY_MS;

/** Why somebody approved or denied is kept for ten years; erasing it leaves the signed digest. */
export const REASON_KEPT_MS = 3_653 * DAY_MS;
