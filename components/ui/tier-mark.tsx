import { Icon } from './icon';

/** Reversibility of an action. */
export type Tier = 'reversible' | 'bounded' | 'unbounded';

const tiers = {
  reversible: { className: 'rev', word: 'reversible', words: 'Reversible' },
  bounded: { className: 'bou', word: 'bounded', words: 'Irreversible, bounded' },
  unbounded: { className: 'unb', word: 'unbounded', words: 'Irreversible, unbounded' },
} as const;

/** A tier as an empty, half or full circle with its word: one word in rows, all of them with `badge`. */
export function TierMark({ tier, badge = false }: { tier: Tier; badge?: boolean }) {
  const { className, word, words } = tiers[tier];
  return (
    <span className={badge ? `badge ${className}` : `tier ${className}`}>
      <Icon name={tier} />
      {badge ? words : word}
    </span>
  );
}
