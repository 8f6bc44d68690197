import type { ReactNode } from 'react';

/** A white box with a hairline. With `title` it has a head: `note` beside the title, `end` at its right edge. */
export function Panel({
  title,
  note,
  end,
  flush = false,
  children,
}: {
  title?: ReactNode;
  note?: ReactNode;
  end?: ReactNode;
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section className="panel">
      {title !== undefined && (
        <header>
          <h3>{title}</h3>
          {note !== undefined && <span className="lab">{note}</span>}
          {end !== undefined && <span className="end">{end}</span>}
        </header>
      )}
      {flush ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}
