import type { DecisionMaterial } from '@/lib/evidence/verification-material';
import { findApproval } from '../approvals/find-approval';
import { nowMs } from '../clock';
import { consoleStream } from '../config';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { getLogMaterial, listOwnKeys, listStreamMaterial } from '../integrity/list-stream-material';
import { getForeignParents } from '../mesh/get-foreign-parents';
import { listTrust } from '../witnesses/list-trust-roots';
import { findRelatedRecords } from './find-related-records';
import { listDecisionsById } from './get-decision';

/**
 * Keys, log and token with which a browser checks one decision.
 * @throws ServiceError `not_found`, for another tenant's decision as for none
 */
export async function getVerificationMaterial(
  tenant: string,
  decisionId: string,
  { nowMs: at = nowMs() }: { nowMs?: number } = {},
): Promise<DecisionMaterial> {
  const [row] = await listDecisionsById(tenant, [decisionId]);
  if (!row) throw new ServiceError('not_found', 'No decision has this id.');
  const related = await findRelatedRecords(tenant, decisionId, row.escalation);
  const streams = [
    ...new Set([row.stream, consoleStream(tenant), ...related.records.map(({ stream }) => stream)]),
  ];
  const [materials, approvals, approvalKeys, trust, foreignParents] = await Promise.all([
    listStreamMaterial(tenant, streams),
    listApprovals(tenant, related.approvals, at),
    listOwnKeys('approval'),
    listTrust(tenant),
    getForeignParents(tenant, decisionId),
  ]);
  return {
    streams: materials,
    log: getLogMaterial(),
    approvals,
    approvalKeys,
    trust,
    foreignParents,
  };
}

/**
 * A token is signed again from the committed claims (the signature is deterministic), but shown only once it can do
 * nothing any more: until then it is its gateway's secret.
 */
async function listApprovals(
  tenant: string,
  ids: readonly string[],
  at: number,
): Promise<DecisionMaterial['approvals']> {
  const spent = await getPool().query<{ id: string }>(
    `SELECT a.id FROM approvals a WHERE a.id = ANY($1) AND a.tenant = $2
        AND (a.expires_at <= $3 OR EXISTS (SELECT 1 FROM redemptions r WHERE r.approval = a.id)
          OR EXISTS (SELECT 1 FROM revocations v WHERE v.approval = a.id))`,
    [ids, tenant, new Date(at)],
  );
  const approvals = await Promise.all(ids.map((id) => findApproval(getPool(), { tenant, id })));
  return approvals
    .filter((approval) => approval !== null)
    .map((approval) => ({
      id: approval.id,
      audience: approval.audience,
      token: spent.rows.some(({ id }) => id === approval.id) ? approval.token() : null,
    }));
}
