import type { RecordView } from '@/lib/decisions/decision-detail';
import { EXPORT_EVENT, VERIFIER_EVENT } from '@/lib/evidence/package/check-export';
import { type PackageExport, requestDigest } from '@/lib/evidence/package/manifest';
import { consoleStream } from '../config';
import type { Tx } from '../database/transaction';
import { RECORD_COLUMNS, type RecordSqlRow, toRecordView } from '../decisions/find-related-records';
import { type JournalEntry, journal } from '../records/journal';
import type { VerifierPage } from './verifier-page';

/** Journals and gives the record back as it is stored. */
async function journalView(tx: Tx, entry: JournalEntry): Promise<RecordView> {
  const { stream, position } = await journal(tx, entry);
  const found = await tx.query<RecordSqlRow>(
    `SELECT ${RECORD_COLUMNS} FROM records WHERE stream = $1 AND position = $2`,
    [stream, position],
  );
  return toRecordView(found.rows[0] as RecordSqlRow);
}

/**
 * The record of an export, written before the first byte leaves. It holds ids and a digest of the whole request, in which
 * a random nonce stands: neither the recipient nor the exporter's name can be guessed from it.
 */
export async function recordExport(
  tx: Tx,
  tenant: string,
  request: PackageExport,
  { nowMs }: { nowMs: number },
): Promise<RecordView> {
  const { scope } = request;
  return journalView(tx, {
    tenant,
    kind: 'verification',
    id: request.id,
    body: {
      event: EXPORT_EVENT,
      person: request.by.person,
      purpose: request.purpose,
      ...(request.caseReference === null ? {} : { case_reference: request.caseReference }),
      scope:
        scope.kind === 'decision'
          ? { kind: scope.kind, decision: scope.decision }
          : scope.kind === 'search'
            ? { kind: scope.kind, query: scope.query, continued: scope.cursor !== undefined }
            : { kind: scope.kind, decisions: scope.decisions.length },
      payloads: request.payloads,
      request_digest: requestDigest(request),
    },
    occurredAtMs: nowMs,
  });
}

/**
 * The record that names the digest of the verifier page this console hands out: one for each build and organisation.
 * Two exports at once write it once, since they hold the stream's head one after the other.
 */
export async function recordVerifierPage(
  tx: Tx,
  tenant: string,
  page: VerifierPage,
  { nowMs }: { nowMs: number },
): Promise<RecordView> {
  const id = `verifier/${page.digest.slice('sha-256:'.length)}`;
  const stream = consoleStream(tenant);
  await tx.query('SELECT 1 FROM streams WHERE stream = $1 FOR UPDATE', [stream]);
  const known = await tx.query<RecordSqlRow>(
    `SELECT ${RECORD_COLUMNS} FROM records WHERE stream = $1 AND id = $2`,
    [stream, id],
  );
  const [row] = known.rows;
  if (row) return toRecordView(row);
  return journalView(tx, {
    tenant,
    kind: 'verification',
    id,
    body: { event: VERIFIER_EVENT, digest: page.digest },
    occurredAtMs: nowMs,
  });
}
