const DATABASE = 'countersign-verification';
const VERSION = 2;
const STORES = ['points', 'checkpoints', 'logs', 'runs', 'home'] as const;
export type MemoryStore = (typeof STORES)[number];

/** The browser's own database of what it verified; null where it may keep nothing. */
export function openMemory(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(DATABASE, VERSION);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      for (const name of STORES)
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

/** The value under a key; undefined when there is none or it cannot be read. */
export function readKey<T>(database: IDBDatabase, store: MemoryStore, key: string): Promise<T | undefined> {
  return new Promise((resolve) => {
    const request = database.transaction(store).objectStore(store).get(key);
    request.onsuccess = () => resolve(request.result as T | undefined);
    request.onerror = () => resolve(undefined);
  });
}

/** Replaces the value under a key by what `change` makes of it, in one transaction; a browser that keeps nothing is left alone. */
export async function updateKey<T>(
  store: MemoryStore,
  key: string,
  change: (kept: T | undefined) => T,
): Promise<void> {
  const database = await openMemory();
  if (!database) return;
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(store, 'readwrite');
    const objects = transaction.objectStore(store);
    const request = objects.get(key);
    request.onsuccess = () => objects.put(change(request.result as T | undefined), key);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => resolve();
    transaction.onerror = () => resolve();
  });
  database.close();
}
