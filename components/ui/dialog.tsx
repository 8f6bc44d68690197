'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './icon-button';

/**
 * A modal dialog on the platform's `<dialog>`: focus stays inside and returns to where it was, Escape closes, the page
 * behind is inert. It is mounted only while open, so its contents start fresh each time.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  footer,
  size = 'medium',
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  size?: 'medium' | 'wide' | 'bare';
  children: ReactNode;
}) {
  return open ? (
    <OpenDialog onClose={onClose} title={title} description={description} footer={footer} size={size}>
      {children}
    </OpenDialog>
  ) : null;
}

function OpenDialog({
  onClose,
  title,
  description,
  footer,
  size,
  children,
}: {
  onClose: () => void;
  title: ReactNode;
  description: ReactNode;
  footer: ReactNode;
  size: 'medium' | 'wide' | 'bare';
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape already closes; the click is only on what lies outside
    <dialog
      ref={ref}
      className={`dialog ${size}`}
      aria-labelledby={`${id}-title`}
      aria-describedby={description === undefined ? undefined : `${id}-what`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-box">
        <header className={size === 'bare' ? 'vh' : 'dialog-head'}>
          <h2 id={`${id}-title`}>{title}</h2>
          {size !== 'bare' && <IconButton icon="x" label="Close" onClick={onClose} />}
        </header>
        {description !== undefined && (
          <p className={size === 'bare' ? 'vh' : 'dialog-what'} id={`${id}-what`}>
            {description}
          </p>
        )}
        <div className="dialog-body">{children}</div>
        {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
      </div>
    </dialog>
  );
}
