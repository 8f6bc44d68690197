import type { ReactNode } from 'react';

/**
 * What stands where data would: nothing there, or it cannot be read.
 * Says what, what it means for authority, and what to do (`action`). A failure interrupts a screen reader; it is not
 * red, because nothing in the record is broken. `whole`: it is all there is on the page, so its title is the page's.
 */
export function StateBox({
  kind,
  title,
  whole = false,
  children,
  action,
}: {
  kind: 'empty' | 'failing';
  title: string;
  whole?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="state" role={kind === 'failing' ? 'alert' : undefined}>
      {whole ? <h1>{title}</h1> : <b>{title}</b>}
      {children !== undefined && <div>{children}</div>}
      {action !== undefined && <div className="state-do">{action}</div>}
    </div>
  );
}
