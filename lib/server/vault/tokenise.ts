import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import type { IdentifierType } from '@/lib/vault/identifier-type';
import type { TokeniseAnswer, TokeniseRequest } from '@/lib/vault/tokenise-request';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { seal } from '../keys/seal';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { newId, newSubjectToken } from '../random';
import { journal } from '../records/journal';
import { blindIndex, indexKeyId } from './blind-index';
import { requireNormalised } from './require-normalised';
import { makeSubjectKeys, type SubjectKey } from './subject-keys';

interface Item {
  type: IdentifierType;
  normalised: string;
  index: Uint8Array;
  /** Hex of `index`. */
  name: string;
}

/**
 * The subject tokens of identifiers, made where there is none: the same identifier always has the same token, whichever of
 * the tenant's producers asks. New ones leave one `vault.tokenised` record with how many of which type; it holds neither
 * identifiers nor tokens, only a digest over the new tokens.
 * @throws ServiceError `identifier_invalid`
 */
export async function tokenise(
  caller: ProducerCaller,
  request: TokeniseRequest,
  { nowMs = clockNowMs() } = {},
): Promise<TokeniseAnswer> {
  const { tenant } = caller;
  const items = request.items.map(({ type, identifier }, place): Item => {
    const normalised = requireNormalised(type, identifier, place + 1);
    const index = blindIndex(tenant, type, normalised);
    return { type, normalised, index, name: formatHex(index) };
  });
  const distinct = [...new Map(items.map((item) => [item.name, item])).values()].sort(byName);
  const tokens = await inVaultTransaction(async (tx) => {
    const known = await findTokens(tx, tenant, distinct);
    const missing = distinct.filter(({ name }) => !known.has(name));
    if (missing.length === 0) return known;
    // Makers of the same identifiers take turns; whoever comes second finds them.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `countersign/tokenise/${tenant}`,
    ]);
    const late = await findTokens(tx, tenant, missing);
    for (const [name, token] of late) known.set(name, token);
    const fresh = missing.filter(({ name }) => !late.has(name));
    const made = new Map(fresh.map((item) => [item.name, newSubjectToken()]));
    for (const [name, token] of made) known.set(name, token);
    if (fresh.length === 0) return known;
    await insertIdentifiers(tx, caller, { fresh, made, nowMs });
    await journalTokens(tx, caller, { fresh, made, nowMs });
    return known;
  });
  return { tokens: items.map(({ name }) => tokens.get(name) as string) };
}

const byName = (a: Item, b: Item): number => (a.name < b.name ? -1 : 1);

/** Tokens by the hex of their blind index. */
async function findTokens(tx: Tx, tenant: string, items: readonly Item[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ token: string; name: string }>(
    `SELECT i.token, encode(i.blind_index, 'hex') AS name
       FROM unnest($2::text[], $3::bytea[]) AS asked(type, blind_index)
       JOIN vault.identifiers i ON i.tenant = $1 AND i.type = asked.type AND i.blind_index = asked.blind_index`,
    [tenant, items.map(({ type }) => type), items.map(({ index }) => Buffer.from(index))],
  );
  return new Map(rows.map(({ name, token }) => [name, token]));
}

interface Fresh {
  fresh: readonly Item[];
  made: ReadonlyMap<string, string>;
  nowMs: number;
}

/** Each identifier is sealed under the data key of its own new token. */
async function insertIdentifiers(
  tx: Tx,
  { tenant, producerId }: ProducerCaller,
  { fresh, made, nowMs }: Fresh,
): Promise<void> {
  const keys = await makeSubjectKeys(tx, tenant, [...made.values()]);
  const keyOf = new Map(keys.map((key) => [key.subject, key]));
  const rows = fresh.map((item) => {
    const token = made.get(item.name) as string;
    const { id: keyId, key } = keyOf.get(token) as SubjectKey;
    const sealed = seal(key, utf8(item.normalised), { tenant, subject: token, field: 'identifier', keyId });
    return { ...item, token, keyId, ...sealed };
  });
  await tx.query(
    `INSERT INTO vault.identifiers (tenant, token, type, blind_index, index_key, key_id, nonce, ciphertext, created_by, created_at)
     SELECT $1, u.token, u.type, u.blind_index, $2, u.key_id, u.nonce, u.ciphertext, $3, $4
       FROM unnest($5::text[], $6::text[], $7::bytea[], $8::text[], $9::bytea[], $10::bytea[])
         AS u(token, type, blind_index, key_id, nonce, ciphertext)`,
    [
      tenant,
      indexKeyId(),
      producerId,
      new Date(nowMs),
      rows.map(({ token }) => token),
      rows.map(({ type }) => type),
      rows.map(({ index }) => Buffer.from(index)),
      rows.map(({ keyId }) => keyId),
      rows.map(({ nonce }) => Buffer.from(nonce)),
      rows.map(({ ciphertext }) => Buffer.from(ciphertext)),
    ],
  );
}

async function journalTokens(
  tx: Tx,
  { tenant, producerId }: ProducerCaller,
  { fresh, made, nowMs }: Fresh,
): Promise<void> {
  const counts: Record<string, number> = {};
  for (const { type } of fresh) counts[type] = (counts[type] ?? 0) + 1;
  const listed = concatBytes(...[...made.values()].sort().map((token) => utf8(`${token}\n`)));
  await journal(tx, {
    tenant,
    kind: 'vault.tokenised',
    id: newId('rec', nowMs),
    body: { producer: producerId, counts, tokens_digest: formatDigest('sha-256', sha256(listed)) },
    occurredAtMs: nowMs,
  });
}
