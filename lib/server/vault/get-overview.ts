import {
  type DeletionView,
  deletionView,
  type ErasureView,
  erasureView,
  type VaultOverview,
} from '@/lib/retention/vault-overview';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { getVaultPool } from '../database/vault-pool';
import { listHolds } from '../holds/list-holds';
import { findSchedule } from '../retention/find-schedule';
import { listDue } from '../retention/list-due';
import { findAccessPolicy } from './find-access-policy';
import { namePeople } from './name-people';
import { listRequestRows } from './request-row';

/** Newest entries of each list; older ones stand in the journal. */
const MOST = 100;

/** The page "Vault & holds" of a tenant but for its looks. It holds tokens and names of people who work here, no identifier. */
export async function getVaultOverview(
  tenant: string,
  { nowMs = clockNowMs() } = {},
): Promise<VaultOverview> {
  const pool = getVaultPool();
  const [access, requests, holds, retention, deletions, erasures] = await Promise.all([
    findAccessPolicy(pool, tenant),
    listRequestRows(pool, tenant, MOST, nowMs),
    listHolds(pool, tenant, MOST),
    findSchedule(pool, tenant),
    listDeletions(pool, tenant),
    listErasures(pool, tenant),
  ]);
  const due = await listDue(pool, tenant, retention.schedule, nowMs);
  const name = await namePeople([
    access.setBy,
    retention.setBy,
    ...requests.flatMap(({ requestedBy, decidedBy }) => [requestedBy, decidedBy]),
  ]);
  const nameOrNull = (id: string | null) => (id === null ? null : name(id));
  return {
    policy: { version: access.version, policy: access.policy, setBy: nameOrNull(access.setBy) },
    requests: requests.map((request) => ({
      id: request.id,
      kind: request.kind,
      state: request.state,
      by: name(request.requestedBy),
      authority: request.authority,
      purpose: request.purpose,
      caseRef: request.caseRef,
      target: request.target,
      identifierType: request.identifierType,
      requestedAt: request.requestedAt.toISOString(),
      expiresAt: request.expiresAt.toISOString(),
      decidedBy: nameOrNull(request.decidedBy),
    })),
    holds,
    retention: {
      version: retention.version,
      schedule: retention.schedule,
      setBy: nameOrNull(retention.setBy),
      due,
      deletions,
    },
    erasures,
  };
}

async function listDeletions(tx: Tx, tenant: string): Promise<DeletionView[]> {
  const { rows } = await tx.query<{ at: Date } & Omit<DeletionView, 'at'>>(
    `SELECT id, at, kind, schedule, n, held, position FROM retention_deletions WHERE tenant = $1
      ORDER BY at DESC, id DESC LIMIT ${MOST}`,
    [tenant],
  );
  return rows.map((row) => deletionView.parse({ ...row, at: row.at.toISOString() }));
}

async function listErasures(tx: Tx, tenant: string): Promise<ErasureView[]> {
  const { rows } = await tx.query<{
    id: string;
    token: string;
    at: Date;
    requested_by: string;
    granted_by: string | null;
    purpose: string;
    case_ref: string;
    report: unknown;
    position: number;
  }>(
    `SELECT id, token, at, requested_by, granted_by, purpose, case_ref, report, position FROM erasures WHERE tenant = $1
      ORDER BY at DESC, id DESC LIMIT ${MOST}`,
    [tenant],
  );
  const name = await namePeople(rows.flatMap(({ requested_by, granted_by }) => [requested_by, granted_by]));
  return rows.map((row) =>
    erasureView.parse({
      id: row.id,
      token: row.token,
      at: row.at.toISOString(),
      askedBy: name(row.requested_by),
      grantedBy: row.granted_by === null ? null : name(row.granted_by),
      purpose: row.purpose,
      caseRef: row.case_ref,
      report: row.report,
      position: row.position,
    }),
  );
}
