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
  const claims = claimsSchema.parse(json.value);
  return {
    id: row.id,
    tenant: row.tenant,
    escalation: row.escalation,
    audience: row.audience,
    claims,
    issuedAtMs: row.issued_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    token: () => {
      const current = getSigningKey('approval');
      const key = current.keyid === row.kid ? current : getRetiredKey(row.kid);
      if (!key) throw new Error(`approval ${row.id}: its key ${row.kid} is not in the key directory`);
      return formatToken(claims, { kid: key.keyid, seed: key.seed });
    },
  };
}
