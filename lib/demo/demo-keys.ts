import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatHex, parseHex } from '@/lib/core/encoding';
import { newRandomBytes } from '@/lib/server/random';

const file = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

export interface DemoKey {
  keyid: string;
  seed: Uint8Array;
  publicKey: Uint8Array;
}

/**
 * Signing keys of the demo's own producers, in `<data>/demo/keys.json`, mode 0600: real producers keep theirs
 * themselves, the demo has to be its own. Missing ones are made.
 */
export function openDemoKeys(dataDirectory: string, producers: readonly string[]): Map<string, DemoKey> {
  const directory = join(dataDirectory, 'demo');
  const path = join(directory, 'keys.json');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const seeds = existsSync(path) ? file.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  for (const producer of producers) seeds[producer] ??= formatHex(newRandomBytes(32));
  writeFileSync(`${path}.new`, `${JSON.stringify(seeds, null, 1)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  const keys = new Map<string, DemoKey>();
  for (const producer of producers) {
    const parsed = parseHex(seeds[producer] as string);
    if (!parsed.ok) throw new Error(`The demo key of ${producer} in ${path} is damaged.`);
    const publicKey = publicKeyOf(parsed.value);
    keys.set(producer, { keyid: jwkThumbprint(publicKey), seed: parsed.value, publicKey });
  }
  return keys;
}
