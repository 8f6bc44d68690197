'use client';

import { type ReactNode, useId, useRef } from 'react';
import { placePopup } from './place-popup';

/**
 * Words that appear over `children` on hover and on focus of anything inside it, and leave on Escape. `children` may be
 * any inline content; make it focusable when the words carry more than a repetition. They are also its description.
 */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  const anchor = useRef<HTMLSpanElement>(null);
  const popup = useRef<HTMLSpanElement>(null);
  const id = useId();

  function show() {
    if (popup.current === null || anchor.current === null || popup.current.matches(':popover-open')) return;
    popup.current.showPopover();
    placePopup(popup.current, anchor.current, 'middle');
  }

  function hide() {
    if (popup.current?.matches(':popover-open')) popup.current.hidePopover();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens; what can be operated is inside
    <span
      ref={anchor}
      className="tip-anchor"
      aria-describedby={id}
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event) => event.key === 'Escape' && hide()}
    >
      {children}
      <span ref={popup} id={id} role="tooltip" popover="manual" className="tip">
        {text}
      </span>
    </span>
  );
}
