import type { RememberedCheckpoint, VerifiedPoint } from '@/lib/evidence/evidence-source';
import type { VerificationMemory } from '@/lib/evidence/verify-decision';

/**
 * What this browser has verified, in IndexedDB: points of streams from which a walk may go on, and the newest checkpoint,
 * both under the log's name. Without IndexedDB nothing is remembered and every walk begins at the start.
 */
const DATABASE = 'countersign-verification';
const POINTS = 'points';
const CHECKPOINTS = 'checkpoints';
const POINTS_PER_STREAM = 128;

function openMemory(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(DATABASE, 1);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      request.result.createObjectStore(POINTS);
      request.result.createObjectStore(CHECKPOINTS);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

function read<T>(database: IDBDatabase, store: string, key: string): Promise<T | undefined> {
  return new Promise((resolve) => {
    const request = database.transaction(store).objectStore(store).get(key);
    request.onsuccess = () => resolve(request.result as T | undefined);
    request.onerror = () => resolve(undefined);
  });
}

function write(database: IDBDatabase, store: string, key: string, value: unknown): Promise<void> {
  return new Promise((resolve) => {
    const transaction = database.transaction(store, 'readwrite');
    transaction.objectStore(store).put(value, key);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => resolve();
    transaction.onerror = () => resolve();
  });
}

const keyOf = (origin: string, stream: string) => `${origin}\n${stream}`;

/** What is remembered of these streams and of the log. `fromStart` forgets the points for this run, not the checkpoint. */
export async function readMemory(
  origin: string,
  streams: readonly string[],
  fromStart: boolean,
): Promise<VerificationMemory> {
  const database = await openMemory();
  if (!database) return { points: new Map(), checkpoint: null };
  const checkpoint = (await read<RememberedCheckpoint>(database, CHECKPOINTS, origin)) ?? null;
  const points = new Map<string, VerifiedPoint[]>();
  if (!fromStart) {
    for (const stream of streams) {
      const kept = await read<VerifiedPoint[]>(database, POINTS, keyOf(origin, stream));
      if (kept) points.set(stream, kept);
    }
  }
  database.close();
  return { points, checkpoint };
}

/** Adds verified points of a stream; of many the newest are kept. */
export async function rememberPoints(
  origin: string,
  stream: string,
  points: readonly VerifiedPoint[],
): Promise<void> {
  const database = points.length === 0 ? null : await openMemory();
  if (!database) return;
  const key = keyOf(origin, stream);
  const kept = (await read<VerifiedPoint[]>(database, POINTS, key)) ?? [];
  const merged = new Map([...kept, ...points].map((point) => [point.position, point]));
  const sorted = [...merged.values()].sort((a, b) => a.position - b.position).slice(-POINTS_PER_STREAM);
  await write(database, POINTS, key, sorted);
  database.close();
}

/** Replaces the remembered checkpoint. */
export async function rememberCheckpoint(origin: string, checkpoint: RememberedCheckpoint): Promise<void> {
  const database = await openMemory();
  if (!database) return;
  await write(database, CHECKPOINTS, origin, checkpoint);
  database.close();
}
