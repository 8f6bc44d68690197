'use client';

import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { useZoneChoice } from '@/lib/client/time-zone';
import { setTheme } from '@/lib/client/use-theme';
import type { ConsolePage } from '@/lib/identity/permissions';
import { endSession } from './end-session';
import { listPaletteEntries, type PaletteAction, type PaletteEntry } from './list-palette-entries';
import { showOverlay } from './overlay';

const PROBLEMS = {
  unreadable_token: 'This looks like a signed token, but it names no escalation or approval of this console.',
  too_long: 'This is longer than anything that can be found here.',
} as const;

/** Finds what an id or token names, goes to pages, changes how they look. */
export function Palette({ pages }: { pages: readonly ConsolePage[] }) {
  const router = useRouter();
  const { setChoice } = useZoneChoice();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const { entries, problem } = listPaletteEntries(text, pages);
  const chosen = Math.min(at, entries.length - 1);

  function act(action: PaletteAction) {
    if (action === 'light' || action === 'dark' || action === 'system') setTheme(action);
    if (action === 'home-zone') setChoice('home');
    if (action === 'utc') setChoice('utc');
    if (action === 'sign-out') void endSession();
    showOverlay(action === 'shortcuts' ? 'shortcuts' : null);
  }

  function run(entry: PaletteEntry | undefined) {
    if (entry === undefined) return;
    if ('action' in entry) return act(entry.action);
    showOverlay(null);
    router.push(entry.href);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[chosen]);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && entries.length > 0) {
      event.preventDefault();
      const next = (chosen + (event.key === 'ArrowDown' ? 1 : entries.length - 1)) % entries.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
  }

  return (
    <Dialog open onClose={() => showOverlay(null)} title="Find" size="bare">
      <div className="palette-in">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          aria-label="Find an id, subject token, trace or page, or paste a token"
          placeholder="dec_… esc_… apr_… tok_… trace, digest, token, or a page"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd>Esc</Kbd>
      </div>
      {entries.length > 0 ? (
        <div className="palette-list" role="listbox" id={`${id}-list`} aria-label="Where to go">
          {entries.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard in the box above, which keeps the focus
            <div
              key={entry.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              onPointerMove={() => setAt(index)}
              onClick={() => run(entry)}
            >
              <Icon name={entry.icon} />
              {entry.label}
              {entry.note !== undefined && <small>{entry.note}</small>}
            </div>
          ))}
        </div>
      ) : (
        <p className="palette-none" role="status">
          {problem === null
            ? 'No page or id of that form. Ids begin with dec_, esc_, apr_, rec_ or tok_; a trace id has 32 hex digits; searches look like agent:name outcome:refuse.'
            : PROBLEMS[problem]}
        </p>
      )}
    </Dialog>
  );
}
