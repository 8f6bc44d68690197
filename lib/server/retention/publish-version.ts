import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue } from '@/lib/core/json';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';

const TABLES = {
  'vault-access': 'vault_policies',
  'retention-schedule': 'retention_schedules',
} as const;

/** One at a time for each tenant's document; held until the transaction ends. */
export async function lockDocument(tx: Tx, name: keyof typeof TABLES, tenant: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `countersign/document/${name}/${tenant}`,
  ]);
}

/**
 * Puts the next version of a tenant's rules for the vault or for retention in force, and records the change. Called under
 * `lockDocument`, with the version that the author started from.
 * @throws ServiceError `version_conflict`
 */
export async function publishVersion(
  tx: Tx,
  name: keyof typeof TABLES,
  input: {
    tenant: string;
    by: string;
    before: { version: number; document: unknown };
    baseVersion: number;
    document: unknown;
    changes: readonly string[];
    nowMs: number;
  },
): Promise<number> {
  const { tenant, before, nowMs } = input;
  if (before.version !== input.baseVersion)
    throw new ServiceError('version_conflict', `Version ${before.version} is in force by now.`);
  if (input.changes.length === 0) return before.version;
  const version = before.version + 1;
  await tx.query(
    `INSERT INTO ${TABLES[name]} (tenant, version, document, set_by, set_at) VALUES ($1, $2, $3, $4, $5)`,
    [tenant, version, JSON.stringify(input.document), input.by, new Date(nowMs)],
  );
  await journal(tx, {
    tenant,
    kind: 'change',
    id: newId('rec', nowMs),
    body: {
      target: 'policy',
      name,
      from_version: String(before.version),
      to_version: String(version),
      from_digest: digestOf(before.document),
      to_digest: digestOf(input.document),
      summary: `${input.changes.join('; ')}.`.slice(0, 1000),
      by: input.by,
    },
    occurredAtMs: nowMs,
  });
  return version;
}

function digestOf(document: unknown): string {
  return formatDigest('sha-256', sha256(utf8(formatCanonicalJson(document as JsonValue))));
}
