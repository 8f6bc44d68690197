import { useSyncExternalStore } from 'react';

const KEY = 'countersign-finding';
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

/**
 * Remembers what this browser found broken, in a few words for the pill at the top ("1 record INVALID"), until the window
 * is closed or a complete check finds everything whole. It is never sent anywhere.
 */
export function reportFinding(words: string): void {
  sessionStorage.setItem(KEY, words);
  announce();
}

/** Takes the finding back, after a complete check without one. */
export function clearFinding(): void {
  sessionStorage.removeItem(KEY);
  announce();
}

/** What this browser found broken, or null. */
export function useFinding(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sessionStorage.getItem(KEY),
    () => null,
  );
}
