import type { ReactNode } from 'react';

/** A small heading inside a section or panel: title, quiet note, tools at the right edge. */
export function Subhead({ title, note, end }: { title: ReactNode; note?: ReactNode; end?: ReactNode }) {
  return (
    <div className="subhead">
      <h3>{title}</h3>
      {note !== undefined && <span className="lab">{note}</span>}
      {end !== undefined && <span className="tools end">{end}</span>}
    </div>
  );
}
