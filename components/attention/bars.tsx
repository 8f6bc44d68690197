/** Counts as bars with their words and figures: a list, so that it reads the same without sight. */
export function Bars({ label, rows }: { label: string; rows: readonly { word: string; n: number }[] }) {
  const most = Math.max(1, ...rows.map(({ n }) => n));
  return (
    <ul className="att-bars" aria-label={label}>
      {rows.map(({ word, n }) => (
        <li key={word}>
          <span className="t2 num">{word}</span>
          <span className="att-bar" aria-hidden="true">
            <i style={{ width: `${(n / most) * 100}%` }} />
          </span>
          <span className="num">{n.toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  );
}
