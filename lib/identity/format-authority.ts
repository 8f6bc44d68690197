import type { Authority } from './authority';

/** An authority as records hold it. */
export function formatAuthority(authority: Authority): Record<string, unknown> {
  const { maxTier, limits, tools, counterparties, hours } = authority;
  return {
    max_tier: maxTier,
    limits: limits.map(({ amount, currency }) => ({ amount, currency })),
    tools,
    counterparties,
    ...(hours
      ? { hours: { days: hours.days, from: hours.from, to: hours.to, time_zone: hours.timeZone } }
      : {}),
  };
}
