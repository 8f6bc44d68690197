import type { ChangeComparison } from '@/lib/analytics/change-comparison';
import { parseSeenId } from '@/lib/analytics/seen-id';
import { isSameName, type VersionKind, type VersionUse } from '@/lib/analytics/seen-version';
import { getPool } from '../database/pool';
import { CHANGE_COLUMNS, type ChangeSqlRow } from './list-changes';
import { findSeenVersions, listVersionUses } from './list-seen-changes';

export interface ChangeSubject {
  subject: ChangeComparison['subject'];
  /** The agents whose decisions named what was changed; null: it concerns all, or none named it. */
  agents: string[] | null;
}

/** What decisions call the thing that a change record names. A policy, its limits and the routing concern every agent. */
const KINDS: Record<string, readonly VersionKind[]> = {
  model: ['model'],
  prompt: ['prompt'],
  retrieval_index: ['index'],
  guardrail: ['guardrail'],
  threshold: ['guardrail-threshold'],
};

/** The change of this id in this tenant: a change record, or a version that only decisions told of; null when neither is here. */
export async function findChangeSubject(tenant: string, id: string): Promise<ChangeSubject | null> {
  return id.startsWith('seen:') ? findSeen(tenant, id) : findAnnounced(tenant, id);
}

async function findAnnounced(tenant: string, id: string): Promise<ChangeSubject | null> {
  const found = await getPool().query<ChangeSqlRow>(
    `SELECT ${CHANGE_COLUMNS} FROM changes WHERE tenant = $1 AND id = $2
      AND (occurred_at, id) IN (SELECT occurred_at, id FROM records WHERE id = $2 AND tenant = $1 AND kind = 'change')
      LIMIT 1`,
    [tenant, id],
  );
  const row = found.rows[0];
  if (!row) return null;
  const kinds = KINDS[row.target] ?? [];
  const uses = kinds.length === 0 ? [] : await listVersionUses(tenant);
  return {
    subject: {
      id: row.id,
      at: row.occurred_at.toISOString(),
      announced: true,
      target: row.target,
      name: row.name,
      fromVersion: row.from_version,
      toVersion: row.to_version,
      direction: row.direction === 'raised' || row.direction === 'lowered' ? row.direction : null,
      summary: row.summary,
      record: { stream: row.stream, position: row.position },
    },
    agents: agentsOf(uses.filter((use) => kinds.includes(use.kind) && isSameName(use.name, row.name))),
  };
}

async function findSeen(tenant: string, id: string): Promise<ChangeSubject | null> {
  const key = parseSeenId(id);
  if (!key) return null;
  const seen = await findSeenVersions(tenant);
  const version = seen.find(
    (each) => each.kind === key.kind && each.name === key.name && each.version === key.version,
  );
  if (!version) return null;
  return {
    subject: {
      id,
      at: version.firstAt,
      announced: version.announced,
      target: version.kind === 'index' ? 'retrieval_index' : version.kind.replace('guardrail-', ''),
      name: version.name,
      fromVersion: version.previous,
      toVersion: version.version,
      direction: version.direction,
      summary: null,
      record: null,
    },
    agents: agentsOf([version]),
  };
}

function agentsOf(uses: readonly VersionUse[]): string[] | null {
  const agents = [...new Set(uses.flatMap((use) => use.agents))].sort();
  return agents.length === 0 ? null : agents;
}
