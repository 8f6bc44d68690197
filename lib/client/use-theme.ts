import { useSyncExternalStore } from 'react';
import { DARK_QUERY, parseTheme, THEME_COOKIE, type Theme } from './theme';
import { writePreference } from './write-preference';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(DARK_QUERY);
  const follow = () => {
    if (readChoice() === 'system') document.documentElement.dataset.theme = media.matches ? 'dark' : 'light';
    listener();
  };
  listeners.add(listener);
  media.addEventListener('change', follow);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', follow);
  };
}

function readChoice(): Theme {
  return parseTheme(new RegExp(`(?:^|; )${THEME_COOKIE}=([a-z]+)`).exec(document.cookie)?.[1]);
}

/** Shows and remembers a theme. */
export function setTheme(theme: Theme): void {
  const shown = theme === 'system' ? (window.matchMedia(DARK_QUERY).matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shown;
  writePreference(THEME_COOKIE, theme);
  for (const listener of listeners) listener();
}

/** The theme on the screen now; on the server and in the first render unknown. */
export function useShownTheme(): 'light' | 'dark' | undefined {
  return useSyncExternalStore(
    subscribe,
    () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'),
    () => undefined,
  );
}
