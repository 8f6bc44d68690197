import type { ReactNode } from 'react';

/** One column: its head, how a row fills it, and whether it holds figures (right-aligned). */
export type Column<Row> = {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  figures?: boolean;
  width?: string;
};

/**
 * A plain table with a caption for screen readers; it scrolls sideways inside itself when a screen is narrow.
 * It draws every row it is given: page builders virtualise long lists and say how many there are.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  tight = false,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  tight?: boolean;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-box" aria-label={caption} tabIndex={0}>
      <table className={tight ? 'tight' : undefined}>
        <caption className="vh">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.figures ? 'r' : undefined}
                style={{ width: column.width }}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} className={column.figures ? 'r' : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
