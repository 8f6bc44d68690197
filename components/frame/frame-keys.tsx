'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useShortcuts } from '@/lib/client/shortcuts';
import type { ConsolePage } from '@/lib/identity/permissions';
import { showOverlay, useOverlay } from './overlay';

// Loaded when first opened: most visits never need them.
const Palette = dynamic(() => import('./palette').then((file) => file.Palette), { ssr: false });
const ShortcutSheet = dynamic(() => import('./shortcut-sheet').then((file) => file.ShortcutSheet), {
  ssr: false,
});

/** The frame's own keys and what they open. */
export function FrameKeys({ pages }: { pages: readonly ConsolePage[] }) {
  const overlay = useOverlay();
  const shortcuts = useMemo(
    () => [
      { keys: 'Ctrl K', what: 'Find, go to a page', run: () => showOverlay('palette') },
      { keys: '?', what: 'This list', run: () => showOverlay('shortcuts') },
    ],
    [],
  );
  useShortcuts('Everywhere', shortcuts);
  return (
    <>
      {overlay === 'palette' && <Palette pages={pages} />}
      {overlay === 'shortcuts' && <ShortcutSheet />}
    </>
  );
}
