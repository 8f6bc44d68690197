import { CONTROL_WORDS, formatQuorum } from '@/components/escalations/escalation-words';
import { StateBadge } from '@/components/escalations/state-word';
import { Badge } from '@/components/ui/badge';
import { TierMark } from '@/components/ui/tier-mark';
import { Time } from '@/components/ui/time';
import { TimeLeft } from '@/components/ui/time-left';
import type { Review } from './use-review';

/** Under the sentence: why it was escalated, how far it can be undone, who has it, what it needs, when it was asked. */
export function ReviewMeta({ review }: { review: Review }) {
  const { row, quorum } = review.shown;
  return (
    <div className="meta">
      <Badge tone="escalate">Escalated by {CONTROL_WORDS[row.control]}</Badge>
      <TierMark tier={row.tier} badge />
      {row.state !== 'pending' && <StateBadge state={row.state} />}
      {row.state === 'pending' && <span>{leaseWords(review)}</span>}
      {row.state === 'pending' && <span className="dotsep">needs {formatQuorum(quorum)}</span>}
      <span className={row.state === 'pending' ? 'dotsep' : undefined}>
        asked <Time at={row.createdAt} precision="clock" />
      </span>
      {row.state === 'pending' && (
        <span className="meta-left">
          <TimeLeft
            fromMs={Date.parse(row.createdAt) + review.skewMs}
            untilMs={Date.parse(row.expiresAt) + review.skewMs}
            inline
          />{' '}
          left
        </span>
      )}
    </div>
  );
}

function leaseWords({ shown }: Review): string {
  const { lease } = shown.row;
  if (lease === null) return 'unclaimed';
  return lease.mine ? 'claimed by you' : `claimed by ${lease.name}`;
}
