import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';

/** Under which other name a person appears as the one who asks. */
export const PERSON_LINK_KINDS = ['subject', 'agent', 'producer'] as const;
export type PersonLinkKind = (typeof PERSON_LINK_KINDS)[number];

/**
 * Says that a subject token, an agent or a producer is this person's, so that they cannot decide what it asked for.
 * Links are only ever added: taking one away would open the way to approving one's own request. The caller has
 * authorised `linkedBy` as an administrator of the tenant.
 */
export async function linkPerson(
  input: { tenant: string; person: string; kind: PersonLinkKind; value: string; linkedBy: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    const added = await tx.query(
      `INSERT INTO person_links (tenant, person, kind, value, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [input.tenant, input.person, input.kind, input.value, new Date(nowMs)],
    );
    if (added.rowCount === 0) return;
    await journal(tx, {
      tenant: input.tenant,
      kind: 'authority.changed',
      id: newId('rec', nowMs),
      body: {
        person: input.person,
        change: 'linked',
        link: { kind: input.kind, value: input.value },
        changed_by: input.linkedBy,
      },
      occurredAtMs: nowMs,
    });
  });
}
