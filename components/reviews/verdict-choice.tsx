import { Icon } from '@/components/ui/icon';
import type { Verdict } from '@/lib/escalations/escalation-view';

const CHOICES = [
  { verdict: 'approve', icon: 'check', word: 'Approve', meaning: 'for this gateway, once' },
  { verdict: 'deny', icon: 'shield', word: 'Deny', meaning: 'the agent is told why' },
] as const;

/** Approve or deny, neither chosen to begin with. */
export function VerdictChoice({
  value,
  isDisabled,
  onChoose,
}: {
  value: Verdict | null;
  isDisabled: boolean;
  onChoose: (verdict: Verdict) => void;
}) {
  return (
    <fieldset className="choice" disabled={isDisabled}>
      <legend className="vh">Verdict</legend>
      {CHOICES.map(({ verdict, icon, word, meaning }) => (
        <label key={verdict} className={value === verdict ? `on ${verdict}` : undefined}>
          <input
            className="vh"
            type="radio"
            name="verdict"
            value={verdict}
            checked={value === verdict}
            onChange={() => onChoose(verdict)}
          />
          <Icon name={icon} />
          {word}
          <small>{meaning}</small>
        </label>
      ))}
    </fieldset>
  );
}
