import { formatHex } from '@/lib/core/encoding';
import { readRecord } from '@/lib/decisions/read-record';
import { incidentBody } from '@/lib/decisions/record-payload';
import type { IntegrityView } from '@/lib/evidence/integrity-view';
import { nowMs } from '../clock';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { getLogHealth } from '../log/get-log-health';
import { listStreams } from '../records/list-streams';
import { findWitnessRule, isUnwitnessed } from '../witnesses/find-witness-rule';
import { getLogMaterial, listStreamMaterial } from './list-stream-material';
import { listStreamRhythms } from './list-stream-rhythms';

const CHECKPOINTS_SHOWN = 120;
const INCIDENTS_SHOWN = 20;

/** The console's own account of its evidence for one tenant: streams, checkpoints, witnesses and incidents. */
export async function getIntegrity(
  tenant: string,
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<IntegrityView> {
  const rule = await findWitnessRule(tenant, at);
  const [streams, material, rhythms, health, checkpoints, incidents] = await Promise.all([
    listStreams(tenant, { nowMs: at }),
    listStreamMaterial(tenant),
    listStreamRhythms(tenant, { nowMs: at }),
    getLogHealth(getPool(), { required: rule.required, nowMs: at }),
    getPool().query<{ size: number; root: Buffer; created_at: Date; receipts: number }>(
      `SELECT c.size, c.root, c.created_at, (SELECT count(DISTINCT r.witness)::bigint FROM receipts r WHERE r.size = c.size AND r.state = 'complete') AS receipts
         FROM checkpoints c ORDER BY c.size DESC LIMIT ${CHECKPOINTS_SHOWN}`,
    ),
    getPool().query<{ id: string; occurred_at: Date; envelope: Buffer }>(
      `SELECT id, occurred_at, envelope FROM records WHERE tenant = $1 AND kind = 'incident'
        ORDER BY occurred_at DESC, id LIMIT ${INCIDENTS_SHOWN}`,
      [tenant],
    ),
  ]);
  return {
    streams: streams.flatMap((stream) => {
      const found = material.find((one) => one.stream === stream.stream);
      const rhythm = rhythms.get(stream.stream);
      if (!found || !rhythm) return [];
      const { lastSeq, lastSeenAt, integrated, decisionsLastDay, gaps } = stream;
      return [{ ...found, lastSeq, lastSeenAt, integrated, decisionsLastDay, gaps, rhythm }];
    }),
    log: {
      ...getLogMaterial(),
      size: health.treeSize,
      checkpointSize: health.checkpointSize,
      backlog: health.backlogRecords,
      checkpointSeconds: getConfig().checkpointSeconds,
      halted: health.haltedCode,
    },
    checkpoints: checkpoints.rows
      .map(({ size, root, created_at, receipts }) => ({
        size,
        root: formatHex(new Uint8Array(root)),
        at: created_at.toISOString(),
        receipts,
      }))
      .reverse(),
    witnesses: health.witnesses.each,
    requiredWitnesses: rule.required,
    unwitnessedSince: isUnwitnessed(health.witnesses, rule, at)
      ? (health.witnesses.unwitnessedSince?.toISOString() ?? null)
      : null,
    incidents: incidents.rows.map(({ id, occurred_at, envelope }) => {
      const read = readRecord({ envelope: envelope.toString('base64') });
      const body = read.ok ? incidentBody.safeParse(read.value.payload.body) : null;
      return {
        id,
        at: occurred_at.toISOString(),
        code: body?.success ? body.data.code : 'record_unreadable',
        stream: body?.success ? (body.data.stream ?? null) : null,
      };
    }),
  };
}
