import { nowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';

export interface NewTenant {
  /** 1–64 characters of `a-z0-9-`; it names the console's stream `console/<id>`. */
  id: string;
  name: string;
  demo?: boolean;
}

/** Adds an organisation or site and begins its journal. Throws when the id is malformed or taken. */
export async function createTenant(input: NewTenant, options: { nowMs?: number } = {}): Promise<void> {
  await inTransaction((tx) => insertTenant(tx, input, options));
}

/** The same inside a transaction of the caller's. */
export async function insertTenant(
  tx: Tx,
  input: NewTenant,
  { nowMs: atMs = nowMs() }: { nowMs?: number } = {},
): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(input.id))
    throw new Error('A tenant id is 1–64 characters of a-z, 0-9 and -.');
  await tx.query('INSERT INTO tenants (id, name, demo, created_at) VALUES ($1, $2, $3, $4)', [
    input.id,
    input.name.trim(),
    input.demo ?? false,
    new Date(atMs),
  ]);
  await journal(tx, {
    tenant: input.id,
    kind: 'tenant.created',
    id: newId('rec', atMs),
    occurredAtMs: atMs,
    body: { tenant: input.id, demo: input.demo ?? false },
  });
}
