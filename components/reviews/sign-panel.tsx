import type { ReactNode } from 'react';
import { ROLE_WORDS } from '@/components/escalations/escalation-words';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import type { Verdict } from '@/lib/escalations/escalation-view';
import { DwellTimes } from './dwell-words';
import type { Review } from './use-review';

/** Exactly what the statement will carry: digests, verdict, reason, person, instance, dwell. */
export function SignPanel({
  review,
  viewerName,
  verdict,
  reasonCode,
  children,
}: {
  review: Review;
  viewerName: string;
  verdict: Verdict | null;
  reasonCode: string;
  children: ReactNode;
}) {
  const { shown } = review;
  const none = <span className="dim">not chosen</span>;
  return (
    <div className="sign">
      <h3>You are about to sign</h3>
      <div className="fpbig">
        <Fingerprint digest={shown.actionDigest} large />
        <span className="lab">
          Compare with the
          <br />
          gateway's display
        </span>
      </div>
      <div>
        <div className="lab">Action digest, SHA-256</div>
        <p className="digest">{shown.actionDigest}</p>
      </div>
      <KeyValues
        rows={[
          {
            label: 'Verdict',
            value: verdict === null ? none : <span className={`med verdict-word ${verdict}`}>{verdict}</span>,
          },
          { label: 'Reason', value: reasonCode === '' ? none : reasonCode },
          {
            label: 'As',
            value: `${viewerName}${shown.may.role === null ? '' : `, ${ROLE_WORDS[shown.may.role]}`}`,
          },
          {
            label: 'Policy',
            value: <span className="id">{`${shown.policy.id} v${shown.policy.version}`}</span>,
          },
          { label: 'Shown', value: <Id value={shown.displayDigest} /> },
          { label: 'Instance', value: <Id value={shown.instance} /> },
          { label: 'Dwell', value: <DwellTimes review={review} /> },
        ]}
      />
      {children}
    </div>
  );
}
