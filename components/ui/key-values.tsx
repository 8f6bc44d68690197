import type { ReactNode } from 'react';

/** Labels and values; values stand at the right edge, or beside their label with `left`. */
export function KeyValues({
  rows,
  left = false,
}: {
  rows: readonly { label: string; value: ReactNode }[];
  left?: boolean;
}) {
  return (
    <dl className={left ? 'kv l' : 'kv'}>
      {rows.map((row) => (
        <div key={row.label} className="kv-row">
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
