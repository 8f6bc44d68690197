import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import { parseForeignEvidence } from '@/lib/mesh/foreign-decision';
import { getPool } from '../database/pool';
import { listForeignRecords } from '../mesh/list-foreign-records';

/** Names of decisions that live in other consoles' logs, by what is held of them; the note says where. */
export async function nameForeignDecisions(
  tenant: string,
  ids: readonly string[],
): Promise<Map<string, { label: string; note: string; at: Date | null }>> {
  const rows = await listForeignRecords(getPool(), tenant, ids);
  return new Map(
    rows.map(({ id, peer, evidence }): [string, { label: string; note: string; at: Date | null }] => {
      const read = parseForeignEvidence(evidence);
      const record = read.ok ? readRecord({ envelope: read.value.decision.envelope }) : null;
      const body = record?.ok ? decisionBody.safeParse(record.value.payload.body) : null;
      if (!record?.ok || !body?.success) return [id, { label: id, note: `at ${peer}`, at: null }];
      const { output, identity } = body.data;
      return [
        id,
        {
          label: `${output.action.name}, ${output.outcome.verdict}`,
          note: `at ${peer}, ${identity.agent.id}`,
          at: new Date(record.value.payload.occurred_at),
        },
      ];
    }),
  );
}
