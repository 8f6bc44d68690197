'use client';

import { useSyncExternalStore } from 'react';

/**
 * What this browser found broken by its own arithmetic: subject (a decision or a stream) → the place, in words. Kept until
 * the same subject verifies again, across reloads and tabs, so that a finding cannot be lost by navigating away. Nothing
 * is sent anywhere.
 */
const STORAGE_KEY = 'countersign.findings';

const listeners = new Set<() => void>();
let cached: { text: string; words: string | null } = { text: '', words: null };

function readStore(): Record<string, string> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, place]) => typeof place === 'string'));
  } catch {
    return {};
  }
}

/** Remembers where a subject does not verify; null forgets it. */
export function reportFinding(subject: string, place: string | null): void {
  const store = readStore();
  if (place === null) delete store[subject];
  else store[subject] = place;
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
  // A decision and its stream name one and the same broken record.
  const [first, ...rest] = [...new Set(Object.values(readStore()))];
  const words = first === undefined ? null : `${first}${rest.length === 0 ? '' : ` and ${rest.length} more`}`;
  cached = { text, words };
  return words;
}

/** The finding in a few words for the pill, or null. */
export function useFinding(): string | null {
  return useSyncExternalStore(subscribe, readWords, () => null);
}

export interface Finding {
  /** A decision's id, a stream, or the log's name. */
  subject: string;
  place: string;
}

const NONE: readonly Finding[] = [];
let listed: { text: string; findings: readonly Finding[] } = { text: '', findings: NONE };

function readFindings(): readonly Finding[] {
  const text = localStorage.getItem(STORAGE_KEY) ?? '';
  if (text !== listed.text) {
    const findings = Object.entries(readStore()).map(([subject, place]) => ({ subject, place }));
    listed = { text, findings };
  }
  return listed.findings;
}

/** Everything this browser found broken and has not seen whole since. */
export function useFindings(): readonly Finding[] {
  return useSyncExternalStore(subscribe, readFindings, () => NONE);
}
