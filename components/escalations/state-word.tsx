import { Badge } from '@/components/ui/badge';
import { Word } from '@/components/ui/word';
import type { EscalationState } from '@/lib/escalations/escalation-view';
import { STATE_TONES, STATE_WORDS } from './escalation-words';

/** A state with its shape. What no person decided (expired, cancelled, superseded) is grey and never a denial. */
export function StateWord({ state }: { state: EscalationState }) {
  return <Word tone={STATE_TONES[state]}>{STATE_WORDS[state]}</Word>;
}

/** The same on a ground, for the head of a page. */
export function StateBadge({ state }: { state: EscalationState }) {
  if (state === 'approved') return <Badge tone="allow">Approved</Badge>;
  if (state === 'denied') return <Badge tone="refuse">Denied</Badge>;
  if (state === 'pending') return <Badge tone="escalate">Waiting</Badge>;
  const icon = ({ expired: 'clock', cancelled: 'x', superseded: 'arrow', drill: 'flag' } as const)[state];
  return (
    <Badge tone="plain" icon={icon}>
      {STATE_WORDS[state]}
    </Badge>
  );
}
