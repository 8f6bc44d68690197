'use client';

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { buttonClass } from './button';
import { Icon, type IconName } from './icon';
import { Kbd } from './kbd';
import { placePopup } from './place-popup';

/** One entry. `onSelect` runs it; `disabled` with a `hint` says why it cannot be run now. */
export type MenuItem = {
  key: string;
  label: ReactNode;
  onSelect: () => void;
  icon?: IconName;
  hint?: ReactNode;
  kbd?: string;
  disabled?: boolean;
  checked?: boolean;
};

/**
 * A button that opens a list of things to do. Arrow keys, Home, End and first letters move; Enter or Space run;
 * Its name is the words of `trigger` (hide words for screen readers beside a bare shape), else `label`.
 * Escape and a click elsewhere close and give focus back. The list lies in the top layer, so nothing cuts it off.
 */
export function Menu({
  label,
  items,
  trigger,
  small = false,
  className,
}: {
  label: string;
  items: readonly MenuItem[];
  trigger?: ReactNode;
  small?: boolean;
  className?: string;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    const popup = list.current;
    if (!open || popup === null || button.current === null) return;
    popup.showPopover();
    placePopup(popup, button.current);
    entries(popup)[0]?.focus();
    const follow = () => button.current !== null && placePopup(popup, button.current);
    window.addEventListener('resize', follow);
    window.addEventListener('scroll', follow, true);
    return () => {
      window.removeEventListener('resize', follow);
      window.removeEventListener('scroll', follow, true);
    };
  }, [open]);

  function close() {
    list.current?.hidePopover();
    button.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const all = entries(event.currentTarget);
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = nextEntry(event.key, at, all);
    if (to !== undefined) {
      event.preventDefault();
      to.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className ?? buttonClass({ small })}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {trigger ?? (
          <>
            {label} <Icon name="down" small />
          </>
        )}
      </button>
      {open && (
        <div
          ref={list}
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          popover="auto"
          className="menu"
          onKeyDown={onKeyDown}
          onToggle={(event) => event.newState === 'closed' && setOpen(false)}
        >
          {items.map((item) => (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: set only together with menuitemradio
            <button
              key={item.key}
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              aria-disabled={item.disabled || undefined}
              tabIndex={-1}
              onClick={() => {
                if (item.disabled) return;
                close();
                item.onSelect();
              }}
            >
              {item.checked === undefined ? (
                item.icon !== undefined && <Icon name={item.icon} />
              ) : item.checked ? (
                <Icon name="check" />
              ) : (
                <span className="menu-gap" />
              )}
              <span className="menu-words">
                {item.label}
                {item.hint !== undefined && <small>{item.hint}</small>}
              </span>
              {item.kbd !== undefined && <Kbd>{item.kbd}</Kbd>}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function entries(menu: HTMLElement): HTMLButtonElement[] {
  return Array.from(menu.querySelectorAll<HTMLButtonElement>('button'));
}

function nextEntry(
  key: string,
  at: number,
  all: readonly HTMLButtonElement[],
): HTMLButtonElement | undefined {
  if (key === 'ArrowDown') return all[(at + 1) % all.length];
  if (key === 'ArrowUp') return all.at(at <= 0 ? -1 : at - 1);
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  if (key.length !== 1 || key === ' ') return undefined;
  const letter = key.toLowerCase();
  return [...all.slice(at + 1), ...all.slice(0, at + 1)].find((entry) =>
    entry.textContent?.trim().toLowerCase().startsWith(letter),
  );
}
