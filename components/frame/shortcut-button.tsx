'use client';

import { Kbd } from '@/components/ui/kbd';
import { showOverlay } from './overlay';

/** Opens the list of keys. */
export function ShortcutButton() {
  return (
    <button
      type="button"
      className="ghost"
      aria-label="Keyboard shortcuts"
      title="Keyboard shortcuts"
      onClick={() => showOverlay('shortcuts')}
    >
      <Kbd>?</Kbd>
    </button>
  );
}
