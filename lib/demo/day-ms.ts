export const DAY_MS = 86_400_000;
/** The demo's history reaches this far back. */
export const HISTORY_DAYS = 90;
