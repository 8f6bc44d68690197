import { CHANGE_TARGETS, type VersionContent, type VersionHistory } from '@/lib/producers/version-history';
import type { VersionKind } from '@/lib/producers/version-request';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';

const MOST = 200;

/** Which versions of one thing there were, newest first, with who registered their content and which changes were announced. */
export async function getVersionHistory(
  tenant: string,
  kind: VersionKind,
  name: string,
): Promise<VersionHistory> {
  const target = CHANGE_TARGETS[kind];
  const [versions, changes] = await Promise.all([
    getPool().query<{
      digest: string;
      version: string;
      first_seen_at: Date;
      held: boolean;
      producer: string | null;
      registered_at: Date | null;
      stream: string | null;
      position: number | null;
    }>(
      `SELECT v.digest, v.version, v.first_seen_at, v.content IS NOT NULL AS held, r.producer, r.registered_at, r.stream, r.position
         FROM versions v LEFT JOIN LATERAL (
           SELECT producer, registered_at, stream, position FROM version_registrations r
            WHERE r.tenant = v.tenant AND r.digest = v.digest ORDER BY registered_at LIMIT 1) r ON true
        WHERE v.tenant = $1 AND v.kind = $2 AND v.name = $3 ORDER BY v.first_seen_at DESC, v.digest LIMIT $4`,
      [tenant, kind, name, MOST + 1],
    ),
    getPool().query<{
      id: string;
      occurred_at: Date;
      from_version: string | null;
      to_version: string;
      direction: string | null;
      summary: string;
      stream: string;
      position: number;
    }>(
      `SELECT id, occurred_at, from_version, to_version, direction, summary, stream, position FROM changes
        WHERE tenant = $1 AND target = $2 AND name = $3 ORDER BY occurred_at DESC, id LIMIT $4`,
      [tenant, target, name, MOST + 1],
    ),
  ]);
  return {
    kind,
    name,
    versions: versions.rows.slice(0, MOST).map((row) => ({
      digest: row.digest,
      version: row.version,
      firstSeenAt: row.first_seen_at.toISOString(),
      held: row.held,
      registered:
        row.producer === null || row.registered_at === null || row.stream === null || row.position === null
          ? null
          : {
              producer: row.producer,
              at: row.registered_at.toISOString(),
              record: { stream: row.stream, position: row.position },
            },
    })),
    changes: changes.rows.slice(0, MOST).map((row) => ({
      id: row.id,
      at: row.occurred_at.toISOString(),
      fromVersion: row.from_version,
      toVersion: row.to_version,
      direction: row.direction,
      summary: row.summary,
      record: { stream: row.stream, position: row.position },
    })),
    truncated: versions.rows.length > MOST || changes.rows.length > MOST,
  };
}

/**
 * The content that is held under a digest; whoever reads it digests it again.
 * @throws ServiceError `not_found`, for another tenant's version as for none
 */
export async function getVersionContent(tenant: string, digest: string): Promise<VersionContent> {
  const { rows } = await getPool().query<VersionContent>(
    `SELECT v.digest, v.kind, v.name, v.version, coalesce(v.content, p.document) AS content
       FROM versions v LEFT JOIN policies p ON p.tenant = v.tenant AND p.digest = v.digest
      WHERE v.tenant = $1 AND v.digest = $2 LIMIT 1`,
    [tenant, digest],
  );
  const [row] = rows;
  if (!row) throw new ServiceError('not_found', 'No version has this digest.');
  return row;
}
