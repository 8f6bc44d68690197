/** What a key asks for in the queue; `null` is no key of ours. */
export type QueueCommand =
  | { do: 'select'; id: string }
  | { do: 'open' | 'claim' | 'release' | 'approve' | 'deny'; id: string }
  | null;

/** What the reducer must know of each row, in list order. */
export type KeyRow = {
  id: string;
  isWaiting: boolean;
  isMine: boolean;
  isHeldByOther: boolean;
  isDeferred: boolean;
};

/**
 * Maps a key to what it does, given the list and the selection. `j`/`k` (and arrows) move and stop at the ends; `n`
 * goes to the next row that still waits and nobody else holds, from the top again after the end; `a` and `d` only open
 * the decision form: no single key approves.
 */
export function queueCommand(key: string, rows: readonly KeyRow[], selected: string | null): QueueCommand {
  const at = rows.findIndex((row) => row.id === selected);
  const row = rows[at];
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return select(rows[Math.min(at + 1, rows.length - 1)], selected);
    case 'k':
    case 'ArrowUp':
      return select(rows[at < 0 ? rows.length - 1 : Math.max(at - 1, 0)], selected);
    case 'Home':
      return select(rows[0], selected);
    case 'End':
      return select(rows.at(-1), selected);
    case 'n':
      return select(
        [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))].find(
          (each) => each.isWaiting && !each.isHeldByOther && !each.isDeferred,
        ),
        selected,
      );
    case 'Enter':
      return row === undefined ? null : { do: 'open', id: row.id };
    case 'c':
      if (row === undefined || !row.isWaiting || row.isHeldByOther) return null;
      return { do: row.isMine ? 'release' : 'claim', id: row.id };
    case 'a':
    case 'd':
      return row?.isWaiting ? { do: key === 'a' ? 'approve' : 'deny', id: row.id } : null;
    default:
      return null;
  }
}

function select(row: KeyRow | undefined, selected: string | null): QueueCommand {
  return row === undefined || row.id === selected ? null : { do: 'select', id: row.id };
}
