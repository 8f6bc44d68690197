'use client';

import { IconButton } from '@/components/ui/icon-button';
import { setTheme, useShownTheme } from '@/lib/client/use-theme';

/** Switches between light and dark. The palette also offers to follow the system. */
export function ThemeToggle() {
  const shown = useShownTheme();
  const next = shown === 'dark' ? 'light' : 'dark';
  return (
    <IconButton
      icon={next === 'dark' ? 'moon' : 'sun'}
      label={`Switch to ${next}`}
      onClick={() => setTheme(next)}
    />
  );
}
