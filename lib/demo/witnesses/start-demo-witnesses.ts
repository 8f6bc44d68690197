import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { utf8 } from '@/lib/core/bytes';
import { parseTrustFile } from '@/lib/evidence/trust/parse-trust-file';
import type { WitnessType } from '@/lib/integrity/witness/witness-report';
import { getLogMaterial } from '@/lib/server/integrity/list-stream-material';
import { listPinnedRoots } from '@/lib/server/witnesses/list-trust-roots';
import { pinTrustRoots } from '@/lib/server/witnesses/pin-trust-roots';
import { findWitness, type WitnessRow } from '@/lib/server/witnesses/witness-row';
import { addWitness, changeWitness } from '@/lib/server/witnesses/write-witness';
import { startWitnessProcess, type WitnessProcess } from './witness-process';

/** Their names say what they are wherever they are shown. */
const AUTHORITY = 'demo-time-stamping';
const PARTNER = 'demo-witness';

const authorityLine = z.object({ url: z.url() });

/**
 * The demo's two outside witnesses, real ones in processes of their own on this machine: a time-stamping authority
 * (RFC 3161) and a C2SP witness. Registered and pinned the first time, found again after that; plainly labelled, because
 * a witness on the console's own machine proves nothing to others. Ended by `stop`, and with this process.
 */
export async function startDemoWitnesses(options: {
  dataDirectory: string;
  /** How often the authority is asked; the witness cosigns every checkpoint. */
  everySeconds: number;
}): Promise<{ stop(): Promise<void> }> {
  const directory = join(options.dataDirectory, 'witnesses');
  const started: WitnessProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((process) => process.stop()));
  };
  try {
    await startAuthority(join(directory, 'time-stamping'), options.everySeconds, started);
    await startPartner(join(directory, 'c2sp'), started);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function startAuthority(
  directory: string,
  everySeconds: number,
  started: WitnessProcess[],
): Promise<void> {
  const known = await findWitness(AUTHORITY);
  const process = await onPort(known?.settings.url, (port) =>
    startWitnessProcess(
      'lib/demo/witnesses/timestamp-authority-process.ts',
      ['--directory', directory, '--port', port],
      (line) => line.startsWith('{'),
    ),
  );
  started.push(process);
  const { url } = authorityLine.parse(JSON.parse(process.said));
  await pin('demo-time-stamping-root.pem', readFileSync(join(directory, 'root.pem')));
  await register(known, AUTHORITY, 'rfc3161', everySeconds, { url: url.replace(/\/$/, '') });
}

async function startPartner(directory: string, started: WitnessProcess[]): Promise<void> {
  const known = await findWitness(PARTNER);
  const { vkey: log } = getLogMaterial();
  const process = await onPort(known?.settings.address, (port) =>
    startWitnessProcess(
      'lib/cli/main.ts',
      ['witness', '--directory', directory, '--port', port, '--log', log, '--name', PARTNER],
      (line) => line.startsWith(`Witness at `),
    ),
  );
  started.push(process);
  const address = process.said.slice('Witness at '.length);
  const vkey = (await (await fetch(address)).text()).split('\n', 1)[0] ?? '';
  await pin('demo-witness.vkey', utf8(`${vkey}\n`));
  await register(known, PARTNER, 'c2sp', 0, { address, vkey });
}

/** On the port where it was before, so that nothing changes; on any other when that is taken. */
async function onPort(
  address: unknown,
  start: (port: string) => Promise<WitnessProcess>,
): Promise<WitnessProcess> {
  const before = typeof address === 'string' && URL.canParse(address) ? new URL(address).port : '';
  if (before === '') return start('0');
  return start(before).catch(() => start('0'));
}

/** Records a change only where there is one. */
async function register(
  known: WitnessRow | null,
  name: string,
  type: WitnessType,
  everySeconds: number,
  settings: Record<string, string>,
): Promise<void> {
  const isSame = Object.entries(settings).every(([field, value]) => known?.settings[field] === value);
  if (!known) {
    await addWitness({ name, type, everySeconds, settings, allowPrivate: true, demo: true, by: 'setup' });
  } else if (!isSame) {
    await changeWitness({ name, settings, by: 'setup' });
  }
}

async function pin(file: string, bytes: Uint8Array): Promise<void> {
  const read = parseTrustFile(file, new Uint8Array(bytes));
  const pinned = await listPinnedRoots();
  const isPinned =
    read.ok && read.value.every((root) => pinned.some(({ fingerprint }) => fingerprint === root.fingerprint));
  if (!isPinned) await pinTrustRoots({ file, bytes: new Uint8Array(bytes), by: 'setup' });
}
