'use client';

import { useSyncExternalStore } from 'react';

/**
 * What this browser found broken by its own arithmetic: subject (a decision or a stream) → number of records. Kept until
 * the same subject verifies again, across reloads and tabs, so that a finding cannot be lost by navigating away. Nothing
 * is sent anywhere.
 */
const STORAGE_KEY = 'countersign.findings';

const listeners = new Set<() => void>();
let cached: { text: string; words: string | null } = { text: '', words: null };

function readStore(): Record<string, number> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, n]) => typeof n === 'number' && n > 0));
  } catch {
    return {};
  }
}

/** Remembers how many records of a subject do not verify; 0 forgets it. */
export function reportFinding(subject: string, invalidRecords: number): void {
  const store = readStore();
  if (invalidRecords > 0) store[subject] = invalidRecords;
  else delete store[subject];
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(store));
  } catch {
    // A browser that keeps nothing still shows the finding on this page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

function readWords(): string | null {
  const text = localStorage.getItem(STORAGE_KEY) ?? '';
  if (text === cached.text) return cached.words;
  const subjects = Object.keys(readStore()).length;
  const words = subjects === 0 ? null : `${subjects} ${subjects === 1 ? 'check' : 'checks'} INVALID here`;
  cached = { text, words };
  return words;
}

/** The finding in a few words for the pill, or null. */
export function useFinding(): string | null {
  return useSyncExternalStore(subscribe, readWords, () => null);
}
