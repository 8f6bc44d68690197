import type { RememberedCheckpoint } from '@/lib/evidence/evidence-source';
import { openMemory } from './memory-database';

/** A log that this browser has seen the signed head of. */
export interface RememberedLog extends RememberedCheckpoint {
  origin: string;
}

/** Every remembered log by name. */
export async function listRememberedLogs(): Promise<RememberedLog[]> {
  const database = await openMemory();
  if (!database) return [];
  const found = await new Promise<RememberedLog[]>((resolve) => {
    const logs: RememberedLog[] = [];
    const request = database.transaction('checkpoints').objectStore('checkpoints').openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) {
        resolve(logs);
        return;
      }
      logs.push({ ...(cursor.value as RememberedCheckpoint), origin: String(cursor.key) });
      cursor.continue();
    };
    request.onerror = () => resolve(logs);
  });
  database.close();
  return found.sort((a, b) => (a.origin < b.origin ? -1 : 1));
}

/** Forgets the head of one log: what a person does who knows why it changed. */
export async function forgetRememberedLog(origin: string): Promise<void> {
  const database = await openMemory();
  if (!database) return;
  await new Promise<void>((resolve) => {
    const transaction = database.transaction('checkpoints', 'readwrite');
    transaction.objectStore('checkpoints').delete(origin);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => resolve();
  });
  database.close();
}
