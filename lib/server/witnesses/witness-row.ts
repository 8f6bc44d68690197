import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { adapterOf } from './adapters';
import { type WitnessAdapter, WitnessError } from './witness-adapter';
import { openSecrets } from './witness-secrets';

export interface WitnessRow {
  name: string;
  type: WitnessType;
  /** Without the secrets. */
  settings: Record<string, unknown>;
  secrets: Buffer | null;
  every_seconds: number;
  enabled: boolean;
  demo: boolean;
  allow_private: boolean;
  added_at: Date;
}

const COLUMNS = 'name, type, settings, secrets, every_seconds, enabled, demo, allow_private, added_at';

/** One witness; `lock` keeps others from changing it until the transaction ends. */
export async function findWitness(
  name: string,
  tx: Tx = getPool(),
  { lock = false }: { lock?: boolean } = {},
): Promise<WitnessRow | null> {
  const found = await tx.query<WitnessRow>(
    `SELECT ${COLUMNS} FROM witnesses WHERE name = $1${lock ? ' FOR UPDATE' : ''}`,
    [name],
  );
  return found.rows[0] ?? null;
}

/** Every witness that was ever registered, in name order. */
export async function listWitnessRows(tx: Tx = getPool()): Promise<WitnessRow[]> {
  return (await tx.query<WitnessRow>(`SELECT ${COLUMNS} FROM witnesses ORDER BY name`)).rows;
}

/**
 * The adapter of a witness and its whole settings, secrets opened.
 * @throws WitnessError `witness_misconfigured`
 */
export function configure(row: WitnessRow): { adapter: WitnessAdapter<unknown>; settings: unknown } {
  const adapter = adapterOf(row.type, row.settings);
  if (!adapter) throw new WitnessError('witness_misconfigured', `nothing here speaks to ${row.type}`);
  const secrets = row.secrets ? openSecrets(row.name, new Uint8Array(row.secrets)) : {};
  if (!secrets) {
    throw new WitnessError(
      'witness_misconfigured',
      'its secrets do not open with this console’s key; enter them again',
    );
  }
  const parsed = adapter.settings.safeParse({ ...row.settings, ...secrets });
  if (parsed.success) return { adapter, settings: parsed.data };
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new WitnessError('witness_misconfigured', `the setting ${field} is missing or wrong`);
}
