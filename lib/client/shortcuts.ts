import { useEffect, useSyncExternalStore } from 'react';

/** A key and what it does. `keys` is what is shown and typed: `j`, `Enter`, `?`, `Ctrl K`. */
export type Shortcut = { keys: string; what: string; run: () => void };

type Group = { title: string; shortcuts: readonly Shortcut[] };

let groups: readonly Group[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Group[]): void {
  groups = next;
  for (const listener of listeners) listener();
}

/** True for a key press that belongs to what has focus: typing, a dialog, an open menu. */
function belongsElsewhere(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return false;
  return target.closest('input, textarea, select, [contenteditable="true"], dialog, [role="menu"]') !== null;
}

/** How a key press is written in `Shortcut.keys`. */
export function formatKeys(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  if (event.altKey) return `Alt ${event.key}`;
  if (event.ctrlKey || event.metaKey)
    return `Ctrl ${event.key.length === 1 ? event.key.toUpperCase() : event.key}`;
  return event.key;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = formatKeys(event);
  if (!keys.startsWith('Ctrl ') && belongsElsewhere(event)) return;
  // Enter and Space on something that can be operated are that thing's own.
  const target = event.target;
  if ((keys === 'Enter' || keys === ' ') && target instanceof Element && target.closest('a, button, summary'))
    return;
  for (const group of groups.toReversed()) {
    const found = group.shortcuts.find((shortcut) => shortcut.keys === keys);
    if (found === undefined) continue;
    event.preventDefault();
    found.run();
    return;
  }
}

/**
 * Makes keys work while the caller is on the page, and lists them on the shortcut sheet under `title`. The group mounted
 * last wins. Keys rest while a person types, and in dialogs and menus; `Ctrl` ones do not. Hold `shortcuts` stable
 * (useMemo), or they are registered again at each render.
 */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    const group = { title, shortcuts };
    if (groups.length === 0) document.addEventListener('keydown', onKeyDown);
    change([...groups, group]);
    return () => {
      change(groups.filter((each) => each !== group));
      if (groups.length === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, [title, shortcuts]);
}

const NONE: readonly Group[] = [];

/** Everything that has a key now, for the sheet. */
export function useShortcutGroups(): readonly Group[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => groups,
    () => NONE,
  );
}
