import type { SeenChange } from '@/lib/analytics/changes-view';
import { formatSeenId } from '@/lib/analytics/seen-id';
import { listSeenVersions, type SeenVersion, type VersionUse } from '@/lib/analytics/seen-version';
import { getPool } from '../database/pool';

const MOST_SHOWN = 200;
/** Announcements that are held against versions; a tenant with more shows the latest only. */
const MOST_ANNOUNCEMENTS = 10_000;

/** Every version that a tenant's decisions named, with the agents that used it; of one name, or of all. */
export async function listVersionUses(tenant: string): Promise<VersionUse[]> {
  const found = await getPool().query<{
    kind: VersionUse['kind'];
    name: string;
    version: string;
    agents: string[];
    first_at: Date;
    last_at: Date;
    n: number;
  }>(
    `SELECT kind, name, version, array_agg(DISTINCT agent ORDER BY agent) AS agents, min(first_at) AS first_at,
        max(last_at) AS last_at, sum(n)::bigint AS n
       FROM version_uses WHERE tenant = $1 AND kind <> 'agent' GROUP BY kind, name, version`,
    [tenant],
  );
  return found.rows.map(({ first_at, last_at, ...row }) => ({
    ...row,
    firstAt: first_at.toISOString(),
    lastAt: last_at.toISOString(),
  }));
}

/** Versions that came into use in a tenant's decisions, each with whether a change record announced it; newest first. */
export async function findSeenVersions(tenant: string): Promise<SeenVersion[]> {
  const [uses, announcements] = await Promise.all([
    listVersionUses(tenant),
    getPool().query<{ target: string; name: string; to_version: string; occurred_at: Date }>(
      `SELECT target, name, to_version, occurred_at FROM changes WHERE tenant = $1
        ORDER BY occurred_at DESC LIMIT ${MOST_ANNOUNCEMENTS}`,
      [tenant],
    ),
  ]);
  return listSeenVersions(
    uses,
    announcements.rows.map(({ target, name, to_version, occurred_at }) => ({
      target,
      name,
      toVersion: to_version,
      at: occurred_at.toISOString(),
    })),
  );
}

/** What decisions tell by themselves: the latest unannounced version of each thing, and every moved threshold. */
export async function listSeenChanges(tenant: string): Promise<SeenChange[]> {
  const listed = new Map<string, SeenChange>();
  for (const version of await findSeenVersions(tenant)) {
    if (version.announced && version.direction === null) continue;
    // A thing that changes every day would bury the others: its latest version stands for all of them.
    const key =
      version.direction === null
        ? `${version.kind}\n${version.name}`
        : JSON.stringify([version.kind, version.name, version.version]);
    const known = listed.get(key);
    if (known) known.times += 1;
    else listed.set(key, toSeenChange(version));
  }
  return [...listed.values()].slice(0, MOST_SHOWN);
}

function toSeenChange(version: SeenVersion): SeenChange {
  const { kind, name, direction, announced, agents, n } = version;
  if (kind === 'agent') throw new Error('list-seen-changes: no record announces an agent');
  return {
    id: formatSeenId({ kind, name, version: version.version }),
    at: version.firstAt,
    kind,
    name,
    fromVersion: version.previous,
    toVersion: version.version,
    direction,
    announced,
    agents,
    n,
    times: 1,
  };
}
