import { getConfig } from '../config';
import type { Tx } from '../database/transaction';
import { signingKeyOf } from './key-directory';
import { listSecrets, readSecret, removeSecret, replaceSecret } from './key-files';
import { ROTATABLE_PURPOSES, type RotatablePurpose } from './rotatable';

const NEXT = /^([a-z]+)\.([A-Za-z0-9_-]{43})\.next$/;

/**
 * Puts keys into force whose rotation was committed and then interrupted, and drops those whose rotation never was: the
 * database decides, the files follow. Called under the rotation's lock, and when a process starts.
 */
export async function finishRotations(tx: Tx): Promise<void> {
  const { dataDirectory } = getConfig();
  for (const name of listSecrets(dataDirectory)) {
    const [, purpose = '', keyid = ''] = NEXT.exec(name) ?? [];
    if (!isRotatable(purpose)) continue;
    const { rowCount: committed } = await tx.query(
      `SELECT 1 FROM console_keys k WHERE k.keyid = $1 AND k.purpose = $2
          AND NOT EXISTS (SELECT 1 FROM console_key_retirements r WHERE r.keyid = k.keyid)`,
      [keyid, purpose],
    );
    const intact = signingKeyOf(purpose, readSecret(dataDirectory, name, false)).keyid === keyid;
    if (committed && intact) replaceSecret(dataDirectory, name, `${purpose}.ed25519`);
    else removeSecret(dataDirectory, name);
  }
}

function isRotatable(purpose: string): purpose is RotatablePurpose {
  return (ROTATABLE_PURPOSES as readonly string[]).includes(purpose);
}
