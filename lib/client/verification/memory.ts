import type { LogPoint, RememberedCheckpoint, VerifiedPoint } from '@/lib/evidence/evidence-source';
import { openMemory, readKey, updateKey } from './memory-database';

/**
 * What this browser has verified, in IndexedDB, under the log's name: points of streams from which a walk may go on, the
 * newest checkpoint, a prefix of the log that was rebuilt, and which log this console had. Without IndexedDB nothing is
 * remembered and every walk begins at the start.
 */
export interface BrowserMemory {
  points: Map<string, VerifiedPoint[]>;
  checkpoint: RememberedCheckpoint | null;
  log: LogPoint | null;
}

export interface LastRun {
  atMs: number;
  records: number;
  /** Whether every line was VALID. */
  whole: boolean;
}

const POINTS_PER_STREAM = 128;
const HOME = 'home';

const keyOf = (origin: string, stream: string) => `${origin}\n${stream}`;

/**
 * What is remembered of these streams and of the log. For the console's `own` log also under which name this console
 * showed it before: where that is another, its checkpoint is answered with that name, so that the change is noticed.
 */
export async function readMemory(
  origin: string,
  streams: readonly string[],
  { own = false }: { own?: boolean } = {},
): Promise<BrowserMemory> {
  const database = await openMemory();
  if (!database) return { points: new Map(), checkpoint: null, log: null };
  const home = own ? await readKey<string>(database, 'home', HOME) : undefined;
  const name = home ?? origin;
  const kept = await readKey<RememberedCheckpoint>(database, 'checkpoints', name);
  const points = new Map<string, VerifiedPoint[]>();
  for (const stream of streams) {
    const found = await readKey<VerifiedPoint[]>(database, 'points', keyOf(origin, stream));
    if (found) points.set(stream, found);
  }
  const log = (await readKey<LogPoint>(database, 'logs', origin)) ?? null;
  database.close();
  return { points, checkpoint: kept ? { ...kept, origin: name } : null, log };
}

/** Adds verified points of a stream; of many the newest are kept, and the newest whose entries were compared. */
export async function rememberPoints(
  origin: string,
  stream: string,
  points: readonly VerifiedPoint[],
): Promise<void> {
  if (points.length === 0) return;
  await updateKey<VerifiedPoint[]>('points', keyOf(origin, stream), (kept = []) => {
    const merged = new Map(kept.map((point) => [point.position, point]));
    for (const point of points) merged.set(point.position, mergePoint(merged.get(point.position), point));
    const sorted = [...merged.values()].sort((a, b) => a.position - b.position);
    const newest = sorted.slice(-POINTS_PER_STREAM);
    const logged = sorted.findLast((point) => point.logged);
    return logged && !newest.includes(logged) ? [logged, ...newest] : newest;
  });
}

/** A point verified again without the log does not lose that its entries were compared. */
function mergePoint(kept: VerifiedPoint | undefined, point: VerifiedPoint): VerifiedPoint {
  const same = kept?.logged && kept.link.every((byte, i) => byte === point.link[i]);
  return same ? { ...point, logged: true } : point;
}

/**
 * Puts a verified checkpoint in the remembered one's place, in one step: a run that began earlier in another tab cannot
 * take memory back, and a log with another key never replaces the one that is known.
 */
export async function rememberCheckpoint(
  origin: string,
  checkpoint: RememberedCheckpoint,
  { own = false }: { own?: boolean } = {},
): Promise<void> {
  await updateKey<RememberedCheckpoint>('checkpoints', origin, (kept) =>
    kept && (kept.vkey !== checkpoint.vkey || kept.size > checkpoint.size) ? kept : checkpoint,
  );
  if (own) await updateKey<string>('home', HOME, (kept) => kept ?? origin);
}

/** Keeps the rebuilt prefix of the log and what the run over everything found. */
export async function rememberRun(origin: string, run: LastRun, log: LogPoint | null): Promise<void> {
  if (log) await updateKey<LogPoint>('logs', origin, () => log);
  await updateKey<LastRun>('runs', origin, () => run);
}

/** The last run over everything that ended in this browser. */
export async function readLastRun(origin: string): Promise<LastRun | null> {
  const database = await openMemory();
  if (!database) return null;
  const run = (await readKey<LastRun>(database, 'runs', origin)) ?? null;
  database.close();
  return run;
}

/** Forgets this console's log and everything verified under it: what a person does who knows why it changed. */
export async function forgetLog(origin: string): Promise<void> {
  const database = await openMemory();
  if (!database) return;
  const home = (await readKey<string>(database, 'home', HOME)) ?? origin;
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(['points', 'checkpoints', 'logs', 'runs', 'home'], 'readwrite');
    for (const name of new Set([origin, home])) {
      transaction.objectStore('checkpoints').delete(name);
      transaction.objectStore('logs').delete(name);
      transaction.objectStore('runs').delete(name);
      transaction.objectStore('points').delete(IDBKeyRange.bound(`${name}\n`, `${name}\n\uffff`));
    }
    transaction.objectStore('home').delete(HOME);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => resolve();
  });
  database.close();
}
