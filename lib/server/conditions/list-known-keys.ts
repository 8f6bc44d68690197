import type { KnownKey, StoredRecord } from '@/lib/conditions/action-evidence';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { consoleProducer } from '../config';
import type { Tx } from '../database/transaction';
import { getSigningKey } from '../keys/key-directory';

interface Row {
  keyid: string;
  public_key: Buffer;
  producer: string;
  valid_from: Date | null;
  retired_at: Date | null;
}

/** The keys that these records name as their signers. */
export function signersOf(records: readonly StoredRecord[]): string[] {
  const keyids = new Set<string>();
  for (const { row } of records) {
    const envelope = row ? parseEnvelope(row.envelope) : null;
    if (envelope?.ok) for (const { keyid } of envelope.value.signatures) keyids.add(keyid);
  }
  return [...keyids];
}

/** Those of these keys that are registered here, the journal keys that this console has or had among them. */
export async function listKnownKeys(tx: Tx, keyids: readonly string[]): Promise<KnownKey[]> {
  const found = await tx.query<Row>({
    name: 'list-known-keys',
    text: `SELECT k.keyid, k.public_key, k.producer, k.valid_from,
             least(k.retired_at, p.disabled_at) AS retired_at
             FROM producer_keys k JOIN producers p ON p.id = k.producer WHERE k.keyid = ANY($1::text[])
           UNION ALL
           SELECT c.keyid, c.public_key, $2::text, NULL, r.retired_at
             FROM console_keys c LEFT JOIN console_key_retirements r ON r.keyid = c.keyid
            WHERE c.keyid = ANY($1::text[]) AND c.purpose = 'journal'`,
    values: [keyids, consoleProducer()],
  });
  const keys = found.rows.map((row) => ({
    keyid: row.keyid,
    publicKey: new Uint8Array(row.public_key),
    producer: row.producer,
    validFromMs: row.valid_from?.getTime() ?? null,
    retiredAtMs: row.retired_at?.getTime() ?? null,
  }));
  const { keyid, publicKey } = getSigningKey('journal');
  // The first key signs before it is published; from then on its row counts.
  if (!keyids.includes(keyid) || keys.some((key) => key.keyid === keyid)) return keys;
  return [...keys, { keyid, publicKey, producer: consoleProducer(), validFromMs: null, retiredAtMs: null }];
}
