'use client';

import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { showOverlay } from './overlay';

/** Opens the palette that understands ids, subject tokens, trace ids, digests and pasted approval tokens. */
export function FindButton() {
  return (
    <button
      type="button"
      className="find"
      aria-keyshortcuts="Control+K"
      onClick={() => showOverlay('palette')}
    >
      <Icon name="search" />
      <span>Find an id, subject token or trace; or paste a token</span>
      <Kbd>Ctrl K</Kbd>
    </button>
  );
}
