import { formatHex } from '@/lib/core/encoding';
import { isSubjectToken } from '@/lib/core/id';
import { inTransaction, type Tx } from '../database/transaction';
import { getSubjectKeyPool } from '../database/vault-pool';
import { ServiceError } from '../errors';
import { newRandomBytes } from '../random';
import { currentKeyEncryption, findKeyEncryption } from './find-key-encryption';
import { lockWrapping } from './lock-wrapping';

/** The data key of everything kept about one subject. */
export interface SubjectKey {
  subject: string;
  /** `sk_` and 32 hex digits. */
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
}

interface KeyRow {
  subject: string;
  key_id: string;
  kek_id: string;
  wrapped: Buffer;
}

/**
 * The data keys of these subjects as they are now, in the order of their names; those that were erased, or never had one,
 * are left out. Runs on a connection of its own, whatever the caller's transaction.
 */
export async function findSubjectKeys(tenant: string, subjects: readonly string[]): Promise<SubjectKey[]> {
  return readKeys(getSubjectKeyPool(), tenant, subjects);
}

/**
 * The data keys of these subjects, made where there is none, in the order of their names.
 * @throws ServiceError `subject_erased`: nothing more is kept about somebody who was erased
 */
export async function requireSubjectKeys(tenant: string, subjects: readonly string[]): Promise<SubjectKey[]> {
  const wanted = [...new Set(subjects)].sort();
  const found = await findSubjectKeys(tenant, wanted);
  if (found.length === wanted.length) return found;
  const has = new Set(found.map(({ subject }) => subject));
  for (const subject of wanted) if (!has.has(subject)) await createKey(tenant, subject);
  const all = await findSubjectKeys(tenant, wanted);
  // Erased in between: the payload of this very moment must not bring the key back.
  if (all.length !== wanted.length) throw erased();
  return all;
}

/** Those of the subjects about whom things may be kept: nobody who was erased. */
export async function withoutErased(tenant: string, subjects: readonly string[]): Promise<string[]> {
  const tokens = subjects.filter(isSubjectToken);
  if (tokens.length === 0) return [...subjects];
  const gone = await getSubjectKeyPool().query<{ token: string }>(
    'SELECT token FROM erasures WHERE tenant = $1 AND token = ANY($2)',
    [tenant, tokens],
  );
  const erasedTokens = new Set(gone.rows.map(({ token }) => token));
  return subjects.filter((subject) => !erasedTokens.has(subject));
}

/**
 * Keeps these subjects from being erased until the caller's transaction ends, so that an erasure finds what it keeps about
 * them; whoever was erased before is seen from here on. Their keys are made before it.
 */
export async function shareSubjects(tx: Tx, tenant: string, subjects: readonly string[]): Promise<void> {
  const names = subjects
    .filter(isSubjectToken)
    .sort()
    .map((subject) => lockNameOf(tenant, subject));
  if (names.length > 0)
    await tx.query(
      'SELECT pg_advisory_xact_lock_shared(hashtextextended(name, 0)) FROM unnest($1::text[]) AS u(name)',
      [names],
    );
}

const lockNameOf = (tenant: string, subject: string): string => `countersign/subject/${tenant}/${subject}`;

/** Serialises the making of a subject's key with its erasure; held until the transaction ends. */
export async function lockSubject(tx: Tx, tenant: string, subject: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lockNameOf(tenant, subject)]);
}

async function createKey(tenant: string, subject: string): Promise<void> {
  await inTransaction(async (tx) => {
    // The caller may hold locks that a rotation waits for: better refused than both waiting.
    await tx.query("SET LOCAL lock_timeout = '5s'");
    await lockSubject(tx, tenant, subject);
    const gone = await tx.query('SELECT 1 FROM erasures WHERE tenant = $1 AND token = $2', [tenant, subject]);
    if (gone.rows.length > 0) throw erased();
    await makeSubjectKeys(tx, tenant, [subject]);
  }, getSubjectKeyPool());
}

/** Keys for subjects that have none, in the caller's transaction under the vault's role; one that has a key keeps it. */
export async function makeSubjectKeys(
  tx: Tx,
  tenant: string,
  subjects: readonly string[],
): Promise<SubjectKey[]> {
  await lockWrapping(tx, 'shared');
  const encryption = await currentKeyEncryption(tx);
  const made = subjects.map((subject) => ({
    subject,
    id: `sk_${formatHex(newRandomBytes(16))}`,
    key: newRandomBytes(32),
  }));
  const wrapped = await Promise.all(
    made.map(({ subject, id, key }) => encryption.wrap(key, { tenant, subject, dataKeyId: id })),
  );
  await tx.query(
    `INSERT INTO vault.subject_keys (tenant, subject, key_id, kek_id, wrapped, created_at)
     SELECT $1, u.subject, u.key_id, $2, u.wrapped, now() FROM unnest($3::text[], $4::text[], $5::bytea[]) AS u(subject, key_id, wrapped)
     ON CONFLICT (tenant, subject) DO NOTHING`,
    [
      tenant,
      encryption.keyId,
      made.map(({ subject }) => subject),
      made.map(({ id }) => id),
      wrapped.map((bytes) => Buffer.from(bytes)),
    ],
  );
  return made;
}

/** The same over a given connection of the vault's role. @throws Error when a key does not open under its wrapping key */
export async function readKeys(tx: Tx, tenant: string, subjects: readonly string[]): Promise<SubjectKey[]> {
  const { rows } = await tx.query<KeyRow>(
    `SELECT subject, key_id, kek_id, wrapped FROM vault.subject_keys WHERE tenant = $1 AND subject = ANY($2)
      ORDER BY subject COLLATE "C"`,
    [tenant, subjects],
  );
  return Promise.all(
    rows.map(async ({ subject, key_id, kek_id, wrapped }) => {
      const context = { tenant, subject, dataKeyId: key_id };
      const key = await findKeyEncryption(kek_id).unwrap(new Uint8Array(wrapped), context);
      if (!key)
        throw new Error(`The data key ${key_id} does not open under the key-encryption key ${kek_id}.`);
      return { subject, id: key_id, key };
    }),
  );
}

export function erased(): ServiceError {
  return new ServiceError('subject_erased', 'This subject was erased; nothing more is kept about them.');
}
