import { endPools } from '@/lib/server/database/end-pools';
import { listConsoleKeys } from '@/lib/server/health/list-console-keys';
import { ROTATABLE_PURPOSES, type RotatablePurpose } from '@/lib/server/keys/rotatable';
import { rotateKey } from '@/lib/server/keys/rotate-key';
import { rotateKeyEncryption } from '@/lib/server/vault/rotate-key-encryption';
import { withDatabase } from '../console/with-database';
import { Refusal } from '../refusal';

const USAGE = 'Usage: countersign keys [rotate approval|journal [--compromised]] [rotate vault]';
const LOG_KEY =
  "The log's key is part of the log's name: a new key is a new log. Start a new data directory, or restore the key.";

/** `countersign keys`: the console's own keys; `keys rotate` puts a new one into force and retires the old. */
export async function keysCommand(args: string[]): Promise<number> {
  const [verb, purpose = '', ...flags] = args;
  if (verb !== undefined && verb !== 'rotate') throw new Refusal(USAGE);
  if (purpose === 'log') throw new Refusal(LOG_KEY);
  if (verb && purpose === 'vault' && flags.length === 0) return rotateVault();
  if (verb && !isRotatable(purpose)) throw new Refusal(USAGE);
  if (flags.some((flag) => flag !== '--compromised')) throw new Refusal(USAGE);
  return withDatabase(false, async () => {
    if (isRotatable(purpose)) {
      const done = await rotateKey({ purpose, compromised: flags.includes('--compromised'), by: 'cli' });
      console.log(`${purpose}: ${done.keyid} signs from now on; ${done.retired} ends ${done.retiredAt}.`);
    } else {
      for (const key of await listConsoleKeys()) {
        const until = key.retiredAt
          ? `${key.compromised ? 'compromised' : 'retired'} ${key.retiredAt.toISOString()}`
          : 'in force';
        console.log(`${key.purpose.padEnd(9)} ${key.keyid}  ${key.validFrom.toISOString()}  ${until}`);
      }
    }
    await endPools();
    return 0;
  });
}

/** A new key-encryption key, under which every data key of the vault is wrapped anew; the old one's file is removed. */
async function rotateVault(): Promise<number> {
  return withDatabase(false, async () => {
    const { keyId, rewrapped } = await rotateKeyEncryption('cli');
    console.log(`vault: ${keyId} wraps from now on; ${rewrapped} data keys were wrapped anew.`);
    await endPools();
    return 0;
  });
}

function isRotatable(purpose: string): purpose is RotatablePurpose {
  return (ROTATABLE_PURPOSES as readonly string[]).includes(purpose);
}
