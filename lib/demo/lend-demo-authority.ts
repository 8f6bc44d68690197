import { formatInstant } from '@/lib/core/instant';
import { getPool } from '@/lib/server/database/pool';
import { delegateAuthority } from '@/lib/server/delegations/delegate';
import { DAY_MS } from './day-ms';
import type { DemoSite } from './set-up-demo';

/** The bank's senior reviewer is away next week and has lent a part of his authority; once, as history ends. */
export async function lendDemoAuthority({ scenario, people }: DemoSite, endMs: number): Promise<void> {
  const [jonas, priya] = [people.get('jonas@demo.example'), people.get('priya@demo.example')];
  if (scenario.tenant !== 'harbour-bank' || !jonas || !priya) return;
  const lent = await getPool().query('SELECT 1 FROM delegations WHERE tenant = $1 LIMIT 1', [
    scenario.tenant,
  ]);
  if (lent.rowCount) return;
  await delegateAuthority(
    jonas,
    {
      to: priya.person.id,
      authority: {
        maxTier: 'bounded',
        limits: [{ amount: '150000', currency: 'EUR' }],
        tools: [],
        counterparties: [],
        hours: null,
      },
      from: formatInstant(endMs + 5 * DAY_MS),
      until: formatInstant(endMs + 12 * DAY_MS),
      reasonCode: 'leave',
      reasonText: 'Away next week; large account closings wait for my return.',
    },
    { nowMs: endMs },
  );
}
