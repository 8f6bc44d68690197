import { useSyncExternalStore } from 'react';

const WIDE = '(min-width: 1024px)';

/** True where list and review stand side by side; on the server and at first assumed, as the layout hides the rest. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(WIDE);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(WIDE).matches,
    () => true,
  );
}
