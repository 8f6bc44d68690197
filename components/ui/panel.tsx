import type { ReactNode } from 'react';

/** A white box with a hairline. With `title` it has a head: `note` beside the title, `end` at its right edge.
 * `level` is that of its heading: 3 inside a section. */
export function Panel({
  title,
  note,
  end,
  level = 2,
  flush = false,
  children,
}: {
  title?: ReactNode;
  note?: ReactNode;
  end?: ReactNode;
  level?: 2 | 3;
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section className="panel">
      {title !== undefined && (
        <header>
          {level === 2 ? <h2>{title}</h2> : <h3>{title}</h3>}
          {note !== undefined && <span className="lab">{note}</span>}
          {end !== undefined && <span className="end">{end}</span>}
        </header>
      )}
      {flush ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}
