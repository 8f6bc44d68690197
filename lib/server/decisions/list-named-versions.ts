import type { VersionInForce, VersionView } from '@/lib/decisions/decision-detail';
import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import { type NamedVersion, namedVersions } from '@/lib/evidence/named-versions';
import { CHANGE_TARGETS } from '@/lib/producers/version-history';
import { getPool } from '../database/pool';

/** Contents sent along with a decision, in characters; what does not fit is fetched when somebody opens it. */
const MOST_CHARACTERS = 1_000_000;

/** What is held of the versions that a decision names: by its digest, or registered under the same name and version. */
export async function listNamedVersions(tenant: string, body: DecisionBody | null): Promise<VersionView[]> {
  const named = body === null ? [] : namedVersions(body);
  if (named.length === 0) return [];
  const { rows } = await getPool().query<
    Omit<VersionView, 'registered'> & {
      producer: string | null;
      at: Date | null;
      stream: string | null;
      position: number | null;
    }
  >(
    `SELECT v.digest, v.kind, v.name, v.version, coalesce(v.content, p.document) AS content,
            r.producer, r.registered_at AS at, r.stream, r.position
       FROM (SELECT * FROM versions WHERE tenant = $1 AND digest = ANY($2)
             UNION
             SELECT v.* FROM unnest($3::text[], $4::text[], $5::text[]) AS n(kind, name, version)
               JOIN versions v ON v.tenant = $1 AND v.kind = n.kind AND v.name = n.name AND v.version = n.version) v
       LEFT JOIN policies p ON p.tenant = v.tenant AND p.digest = v.digest
       LEFT JOIN LATERAL (
         SELECT producer, registered_at, stream, position FROM version_registrations r
          WHERE r.tenant = $1 AND r.digest = v.digest ORDER BY registered_at LIMIT 1) r ON true
      ORDER BY v.first_seen_at, v.digest LIMIT 200`,
    [tenant, digestsOf(named), column(named, 'kind'), column(named, 'name'), column(named, 'version')],
  );
  let room = MOST_CHARACTERS;
  return rows.map(({ producer, at, stream, position, content, ...row }) => {
    const fits = content !== null && content.length <= room;
    if (fits) room -= content.length;
    return {
      ...row,
      content: fits ? content : null,
      registered:
        producer === null || at === null || stream === null || position === null
          ? null
          : { producer, at: at.toISOString(), stream, position },
    };
  });
}

function digestsOf(named: readonly NamedVersion[]): string[] {
  return named.flatMap(({ digest }) => digest ?? []);
}

function column(named: readonly NamedVersion[], key: 'kind' | 'name' | 'version'): string[] {
  return named.map((each) => each[key]);
}

/**
 * What the last announced changes before a decision put in force: of everything that it names, and of its own stream's
 * guardrails, thresholds and routing, named or not.
 */
export async function listInForce(
  tenant: string,
  row: Pick<DecisionRow, 'occurredAt' | 'stream'>,
  body: DecisionBody | null,
): Promise<VersionInForce[]> {
  if (body === null) return [];
  const named = namedVersions(body).flatMap(({ kind, name, otherName }) =>
    [name, ...(otherName === undefined ? [] : [otherName])].map((each) => ({
      target: CHANGE_TARGETS[kind],
      name: each,
    })),
  );
  const { rows } = await getPool().query<Omit<VersionInForce, 'since'> & { since: Date }>(
    `SELECT c.target, c.name, c.to_version AS version, c.occurred_at AS since, c.id, c.stream, c.position
       FROM (SELECT target, name FROM unnest($3::text[], $4::text[]) AS n(target, name)
             UNION
             SELECT DISTINCT target, name FROM changes
              WHERE tenant = $1 AND stream = $5 AND target IN ('guardrail', 'threshold', 'routing') AND occurred_at <= $2) n,
       LATERAL (SELECT * FROM changes c WHERE c.tenant = $1 AND c.target = n.target AND c.name = n.name AND c.occurred_at <= $2
                 ORDER BY occurred_at DESC, id DESC LIMIT 1) c
      ORDER BY c.target, c.name LIMIT 100`,
    [tenant, row.occurredAt, named.map(({ target }) => target), named.map(({ name }) => name), row.stream],
  );
  return rows.map((each) => ({ ...each, since: each.since.toISOString() }));
}
