import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { parseJson } from '@/lib/core/json';
import { type DrillView, drillView } from '@/lib/escalations/drill-view';
import { claimsSchema } from '@/lib/tokens/claims';
import { formatDrillToken } from '@/lib/tokens/drill-token';
import type { Tx } from '../database/transaction';
import { getSigningKey } from '../keys/key-directory';

interface Row {
  id: string;
  known: string;
  recipe: string;
  model: string;
  clue: string;
  salt: Uint8Array;
  commitment: string;
  result: string;
  scored_at: Date;
  kid: string | null;
  claims: Uint8Array | null;
}

/** What an escalation was, if it was a drill and is over; null before, and for every real one. */
export async function findDrillView(tx: Tx, at: { tenant: string; id: string }): Promise<DrillView | null> {
  const found = await tx.query<Row>(
    `SELECT d.id, d.known, d.recipe, d.model, d.clue, d.salt, d.commitment, s.result, s.scored_at, s.kid, s.claims
       FROM drill_scores s JOIN drills d ON d.id = s.drill WHERE s.tenant = $1 AND s.escalation = $2`,
    [at.tenant, at.id],
  );
  const row = found.rows[0];
  if (!row) return null;
  return drillView.parse({
    drill: row.id,
    known: row.known,
    recipe: row.recipe,
    model: row.model,
    clue: row.clue,
    salt: formatBase64url(new Uint8Array(row.salt)),
    commitment: row.commitment,
    result: row.result,
    scoredAt: formatInstant(row.scored_at.getTime()),
    token: row.claims ? signToken(row.kid, new Uint8Array(row.claims)) : null,
  });
}

/** Signed anew from the kept claims; null once the drill key is another one: nobody needs an old drill's token. */
function signToken(kid: string | null, bytes: Uint8Array): string | null {
  const { keyid, seed } = getSigningKey('drill');
  const text = decodeUtf8(bytes);
  const json = text.ok ? parseJson(text.value) : text;
  return json.ok && keyid === kid
    ? formatDrillToken(claimsSchema.parse(json.value), { kid: keyid, seed })
    : null;
}
