import './chain-strip.css';

const CELLS = 96;
/** Records shown on each side of a broken one. */
const BESIDE = 4;

const figure = (n: number) => n.toLocaleString('en');

/**
 * A stream as a strip of cells, what was verified here so far, and the first broken record among its neighbours. The
 * strip is a picture of what the lines say in words.
 */
export function ChainStrip({
  first,
  last,
  reached,
  broken,
}: {
  /** Positions that the walk has to do with. */
  first: number;
  last: number;
  /** The last position that was read. */
  reached: number;
  /** Positions at which something does not verify. */
  broken: readonly number[];
}) {
  const count = last - first + 1;
  if (count < 1) return null;
  const perCell = Math.ceil(count / CELLS);
  const bad = [...new Set(broken)].sort((a, b) => a - b);
  const [worst] = bad;
  const cells = Array.from({ length: Math.ceil(count / perCell) }, (_, i) => {
    const from = first + i * perCell;
    const to = Math.min(last, from + perCell - 1);
    if (bad.some((position) => position >= from && position <= to)) return 'bad';
    return to <= reached ? 'ok' : from <= reached ? 'run' : 'wait';
  });
  const words = `Chain of records ${figure(first)} to ${figure(last)}: checked to ${figure(Math.min(last, reached))}${
    worst === undefined ? '' : `, record ${figure(worst)} is INVALID`
  }`;
  return (
    <figure className="chain">
      <div className="ccells" role="img" aria-label={words}>
        {cells.map((state, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
          <i key={i} className={state} />
        ))}
      </div>
      {worst !== undefined && (
        <div className="clens" aria-hidden="true">
          {Array.from({ length: 2 * BESIDE + 1 }, (_, i) => worst - BESIDE + i)
            .filter((position) => position >= first && position <= last)
            .map((position) => (
              <span
                key={position}
                className={bad.includes(position) ? 'bad num' : position <= reached ? 'ok num' : 'num'}
              >
                {figure(position)}
              </span>
            ))}
        </div>
      )}
      <figcaption className="lab">
        {perCell === 1 ? 'one cell is one record' : `one cell is ${figure(perCell)} records`}
      </figcaption>
    </figure>
  );
}
