import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { claimsSchema, type TokenClaims } from '@/lib/tokens/claims';
import { formatToken } from '@/lib/tokens/token';
import type { Tx } from '../database/transaction';
import { getRetiredKey, getSigningKey } from '../keys/key-directory';

export interface ApprovalRecord {
  id: string;
  tenant: string;
  escalation: string;
  /** The gateway that may redeem it. */
  audience: string;
  /** The key that its token is signed with. */
  kid: string;
  claims: TokenClaims;
  issuedAtMs: number;
  expiresAtMs: number;
  /** Signs the committed claims: the same bytes every time. Throws when the key that issued it is not here any more. */
  token: () => string;
}

interface Row {
  id: string;
  tenant: string;
  escalation: string;
  audience: string;
  kid: string;
  claims: Uint8Array;
  issued_at: Date;
  expires_at: Date;
}

/** An approval of this tenant by its id or its escalation, or null. */
export async function findApproval(
  tx: Tx,
  at: { tenant: string } & ({ id: string } | { escalation: string }),
): Promise<ApprovalRecord | null> {
  const [column, value] = 'id' in at ? ['id', at.id] : ['escalation', at.escalation];
  const found = await tx.query<Row>(
    `SELECT id, tenant, escalation, audience, kid, claims, issued_at, expires_at
       FROM approvals WHERE ${column} = $1 AND tenant = $2`,
    [value, at.tenant],
  );
  const row = found.rows[0];
  return row ? readApproval(row) : null;
}

function readApproval(row: Row): ApprovalRecord {
  const text = decodeUtf8(new Uint8Array(row.claims));
  const json = text.ok ? parseJson(text.value) : text;
  if (!json.ok) throw new Error(`approval ${row.id}: stored claims are not JSON (${json.code})`);
  return {
    ...approvalOf({ ...row, claims: claimsSchema.parse(json.value) }),
    audience: row.audience,
    issuedAtMs: row.issued_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
  };
}

/** An approval as its claims say it. */
export function approvalOf(
  given: Pick<ApprovalRecord, 'id' | 'tenant' | 'escalation' | 'kid' | 'claims'>,
): ApprovalRecord {
  const { id, tenant, escalation, kid, claims } = given;
  return {
    id,
    tenant,
    escalation,
    audience: claims.aud,
    kid,
    claims,
    issuedAtMs: claims.iat * 1000,
    expiresAtMs: claims.exp * 1000,
    token: () => {
      const current = getSigningKey('approval');
      const key = current.keyid === kid ? current : getRetiredKey(kid);
      if (!key) throw new Error(`approval ${id}: its key ${kid} is not in the key directory`);
      return formatToken(claims, { kid: key.keyid, seed: key.seed });
    },
  };
}
