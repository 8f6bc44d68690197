import type { ReactNode } from 'react';

/**
 * One budget as used (solid), this action (hatched), left (empty), with "left before → left after" in words.
 * `used` and `action` are shares 0 to 1 of the whole. An action beyond what is left is drawn to the end and `after`
 * must say by how much it is over.
 */
export function BudgetBar({
  name,
  window,
  limit,
  used,
  action,
  before,
  after,
}: {
  name: string;
  window: string;
  limit: ReactNode;
  used: number;
  action: number;
  before: string;
  after: string;
}) {
  const usedShare = Math.min(1, Math.max(0, used));
  const actionShare = Math.min(1 - usedShare, Math.max(0, action));
  return (
    <div className="bud">
      <div className="nm">
        {name} <span className="win">{window}</span>
        <small>{limit}</small>
      </div>
      <div
        className="track"
        role="img"
        aria-label={`${name} ${window}: ${before} left before, ${after} after`}
      >
        <span className="u" style={{ width: `${usedShare * 100}%` }} />
        <span className="a" style={{ width: `${actionShare * 100}%` }} />
      </div>
      <div className="vals" aria-hidden="true">
        {before} → <b>{after}</b>
      </div>
    </div>
  );
}

/** What the three fills of a budget bar mean. */
export function BudgetKey() {
  return (
    <span className="key" aria-hidden="true">
      <span>
        <i className="u" />
        used
      </span>
      <span>
        <i className="a" />
        this action
      </span>
      <span>
        <i className="l" />
        left
      </span>
    </span>
  );
}
