import { Amount } from '@/components/ui/amount';
import { TierMark } from '@/components/ui/tier-mark';
import type { Authority } from '@/lib/identity/authority';
import { describeCounterparties, describeHours } from './authority-words';

/** How far an authority reaches, in words. */
export function Reach({ authority }: { authority: Authority | null }) {
  if (authority === null) return <span className="dim">approves nothing</span>;
  const { limits, tools, counterparties, hours } = authority;
  return (
    <div className="stack">
      <TierMark tier={authority.maxTier} />
      {limits.length === 0 ? (
        <span>any amount</span>
      ) : (
        limits.map(({ amount, currency }) => (
          <span key={currency}>
            up to <Amount value={amount} currency={currency} />
          </span>
        ))
      )}
      <span className="dim">{tools.length === 0 ? 'every tool' : `only ${tools.join(', ')}`}</span>
      <span className="dim">{describeCounterparties(counterparties)}</span>
      <span className="dim">{hours === null ? 'at any hour' : describeHours(hours)}</span>
    </div>
  );
}
