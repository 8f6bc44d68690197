import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { NOTHING_WITHHELD, type Withheld } from './find-withheld';

/** @throws ServiceError `not_found` unless a record of this tenant names the node; another tenant's or a withheld one as none */
export async function requireNode(
  tenant: string,
  node: string,
  withheld: Withheld = NOTHING_WITHHELD,
): Promise<void> {
  const found = await getPool().query(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM edges WHERE tenant = $1 AND source = $2)
        OR EXISTS (SELECT 1 FROM edges WHERE tenant = $1 AND target = $2)
        OR EXISTS (SELECT 1 FROM decisions WHERE id = $2 AND tenant = $1)`,
    [tenant, node],
  );
  if (found.rows.length === 0 || withheld.has(node))
    throw new ServiceError('not_found', 'Nothing here has this name.');
}
