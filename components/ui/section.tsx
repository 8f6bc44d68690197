import type { ReactNode } from 'react';

/** A numbered part of a page with its heading. `id` makes it a target of links and of reading coverage. */
export function Section({
  id,
  number,
  title,
  note,
  end,
  children,
}: {
  id: string;
  number?: number;
  title: string;
  note?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="step" id={id} aria-labelledby={`${id}-title`}>
      <div className="sec">
        {number !== undefined && <span className="k">{number}</span>}
        <h2 id={`${id}-title`}>{title}</h2>
        {note !== undefined && <span className="lab">{note}</span>}
        {end !== undefined && <span className="end">{end}</span>}
      </div>
      {children}
    </section>
  );
}
