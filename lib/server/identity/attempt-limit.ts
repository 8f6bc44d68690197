import { nowMs } from '../clock';
import { sharedSingleton } from '../shared-singleton';

const WINDOW_MS = 15 * 60_000;
const MOST_KEYS = 20_000;

interface Failures {
  count: number;
  sinceMs: number;
}

function store(): Map<string, Failures> {
  return sharedSingleton('sign-in.failures', () => new Map<string, Failures>());
}

/** Whether fewer than `limit` failures were noted under `key` within the last 15 minutes, in this process. */
export function mayAttempt(key: string, limit: number, atMs: number = nowMs()): boolean {
  const failures = store().get(key);
  return !failures || atMs - failures.sinceMs > WINDOW_MS || failures.count < limit;
}

/** Notes a failed attempt. The oldest keys make room, so that hostile names cannot fill the memory. */
export function noteFailure(key: string, atMs: number = nowMs()): void {
  const failures = store().get(key);
  if (failures && atMs - failures.sinceMs <= WINDOW_MS) {
    failures.count += 1;
    return;
  }
  store().delete(key);
  store().set(key, { count: 1, sinceMs: atMs });
  if (store().size > MOST_KEYS) store().delete(store().keys().next().value as string);
}

/** Forgets the failures under `key`, after a success. */
export function clearFailures(key: string): void {
  store().delete(key);
}

/** Takes back one failure under `key` that was noted before the outcome was known. */
export function takeBackFailure(key: string): void {
  const failures = store().get(key);
  if (failures) failures.count -= 1;
}
