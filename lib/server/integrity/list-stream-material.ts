import { formatBase64url } from '@/lib/core/encoding';
import type { StreamKeyView, TenantMaterial } from '@/lib/evidence/verification-material';
import { checkpointKeyOf } from '@/lib/integrity/checkpoint';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { getPool } from '../database/pool';
import { listConsoleKeys } from '../health/list-console-keys';
import { logSigner } from '../log/log-head';

interface StoredKey {
  keyid: string;
  publicKey: Uint8Array;
  validFrom: Date;
  retiredAt: Date | null;
}

function toKeyView(key: StoredKey): StreamKeyView {
  return {
    keyid: key.keyid,
    publicKey: formatBase64url(key.publicKey),
    validFrom: key.validFrom.toISOString(),
    retiredAt: key.retiredAt?.toISOString() ?? null,
  };
}

/** The console's own public keys of one purpose, retired ones included. */
export async function listOwnKeys(purpose: 'journal' | 'approval'): Promise<StreamKeyView[]> {
  return (await listConsoleKeys(purpose)).map(toKeyView);
}

interface KeyRow {
  producer: string;
  keyid: string;
  public_key: Buffer;
  valid_from: Date;
  retired_at: Date | null;
}

/** The tenant's streams (all, or those named) with their heads and every key that may have signed in them. */
export async function listStreamMaterial(
  tenant: string,
  names: readonly string[] | null = null,
): Promise<TenantMaterial['streams']> {
  const streams = await getPool().query<{ stream: string; producer: string; position: number }>(
    'SELECT stream, producer, position FROM streams WHERE tenant = $1 AND ($2::text[] IS NULL OR stream = ANY($2)) ORDER BY stream',
    [tenant, names],
  );
  const [keys, own] = await Promise.all([
    getPool().query<KeyRow>(
      `SELECT producer, keyid, public_key, valid_from, retired_at FROM producer_keys
        WHERE producer = ANY($1) ORDER BY valid_from`,
      [streams.rows.map(({ producer }) => producer)],
    ),
    listOwnKeys('journal'),
  ]);
  return streams.rows.map(({ stream, producer, position }) => ({
    stream,
    producer,
    head: position,
    keys: stream.startsWith('console/')
      ? own
      : keys.rows
          .filter((key) => key.producer === producer)
          .map((key) =>
            toKeyView({
              keyid: key.keyid,
              publicKey: new Uint8Array(key.public_key),
              validFrom: key.valid_from,
              retiredAt: key.retired_at,
            }),
          ),
  }));
}

/** The log's name and verifier key. */
export function getLogMaterial(): NonNullable<TenantMaterial['log']> {
  const signer = logSigner();
  return { origin: signer.name, vkey: formatNoteKey(checkpointKeyOf(signer)) };
}
