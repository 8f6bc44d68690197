import type { ConsoleKeyView } from '@/lib/identity/console-key-view';
import { listConsoleKeys } from '../health/list-console-keys';
import { getSigningKey } from './key-directory';

/** The console's keys, those in force first, then the retired ones, newest first. */
export async function listKeyViews(): Promise<ConsoleKeyView[]> {
  const views = (await listConsoleKeys()).map(({ keyid, purpose, validFrom, retiredAt, compromised }) => ({
    keyid,
    purpose,
    validFrom: validFrom.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
    compromised,
    current: getSigningKey(purpose).keyid === keyid,
  }));
  return [...views.filter(({ current }) => current), ...views.filter(({ current }) => !current).reverse()];
}
