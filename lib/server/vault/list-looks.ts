import type { LooksPage } from '@/lib/vault/look-request';
import { lookView } from '@/lib/vault/look-request';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { namePeople } from './name-people';

const PAGE = 50;

interface Row {
  id: string;
  kind: string;
  at: Date;
  person: string;
  authority: string;
  purpose: string;
  case_ref: string;
  identifier_type: string | null;
  target: string | null;
  found: boolean;
  granted_by: string | null;
  position: number;
}

/** Who looked behind what, when and why, newest first; `cursor` as the page before said. @throws ServiceError `malformed_request` */
export async function listLooks(tenant: string, cursor: string | null): Promise<LooksPage> {
  const [at, id] = cursor === null ? [null, null] : parseCursor(cursor);
  const { rows } = await getPool().query<Row>(
    `SELECT id, kind, at, person, authority, purpose, case_ref, identifier_type, target, found, granted_by, position
       FROM looks WHERE tenant = $1 AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3))
      ORDER BY at DESC, id DESC LIMIT ${PAGE + 1}`,
    [tenant, at, id],
  );
  const shown = rows.slice(0, PAGE);
  const name = await namePeople(shown.flatMap(({ person, granted_by }) => [person, granted_by]));
  const last = rows.length > PAGE ? shown.at(-1) : undefined;
  return {
    looks: shown.map((row) =>
      lookView.parse({
        id: row.id,
        kind: row.kind,
        at: row.at.toISOString(),
        by: name(row.person),
        authority: row.authority,
        purpose: row.purpose,
        caseRef: row.case_ref,
        identifierType: row.identifier_type,
        target: row.target,
        found: row.found,
        grantedBy: row.granted_by === null ? null : name(row.granted_by),
        position: row.position,
      }),
    ),
    next: last ? `${last.at.getTime()}.${last.id}` : null,
  };
}

function parseCursor(text: string): [Date, string] {
  const match = /^(\d{1,15})\.(rec_[0-9a-f-]{36})$/.exec(text);
  if (!match) throw new ServiceError('malformed_request', 'Field "cursor": invalid.');
  return [new Date(Number(match[1])), match[2] as string];
}
