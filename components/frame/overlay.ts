import { useSyncExternalStore } from 'react';

/** What can lie over the frame; one at a time. */
export type Overlay = 'palette' | 'shortcuts' | 'more' | null;

let open: Overlay = null;
const listeners = new Set<() => void>();

/** Opens one of the frame's overlays, or closes whichever is open. */
export function showOverlay(overlay: Overlay): void {
  open = overlay;
  for (const listener of listeners) listener();
}

/** The overlay that is open now. */
export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
    () => null,
  );
}
