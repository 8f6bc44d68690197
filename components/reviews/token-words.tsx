'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';
import { ROLE_WORDS } from '@/components/escalations/escalation-words';
import { Badge } from '@/components/ui/badge';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { NotInspectable } from '@/components/ui/not-inspectable';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { TimeLeft } from '@/components/ui/time-left';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { TokenClaims } from '@/lib/tokens/claims';
import { formatClock } from './dwell-words';

type Approval = NonNullable<NonNullable<EscalationDetail['result']>['approval']>;
type Decoded = { claims: TokenClaims; kid: string } | { code: string } | null;

/** The approval token in plain words, its expiry and its redemption as it happens. */
export function TokenWords({
  approval,
  shown,
  skewMs,
  nowMs,
}: {
  approval: Approval;
  shown: EscalationDetail;
  skewMs: number;
  nowMs: number;
}) {
  const decoded = useDecoded(approval.token);
  const expiresAtMs = Date.parse(approval.expiresAt) + skewMs;
  return (
    <div className="card token">
      <div className="subhead">
        <h3>The token</h3>
        <span className="lab">
          <Id value={approval.id} copy label="approval id" />
        </span>
        <span className="end">
          <Redemption approval={approval} isOver={nowMs >= expiresAtMs} expiresAtMs={expiresAtMs} />
        </span>
      </div>
      {decoded === null && <Skeleton lines={4} label="Decoding the token" />}
      {decoded !== null && 'code' in decoded && (
        <p>
          <NotInspectable /> The token cannot be read ({decoded.code}). Do not rely on it.
        </p>
      )}
      {decoded !== null && 'claims' in decoded && <Claims decoded={decoded} shown={shown} />}
      <details className="whole">
        <summary>The token itself, {approval.token.length.toLocaleString('en')} characters</summary>
        <p className="digest whole-text">
          <Id value={approval.token} whole copy label="token" />
        </p>
      </details>
    </div>
  );
}

function Redemption({
  approval,
  isOver,
  expiresAtMs,
}: {
  approval: Approval;
  isOver: boolean;
  expiresAtMs: number;
}) {
  if (approval.redeemedAt !== null) {
    return (
      <Word tone="allow">
        redeemed <Time at={approval.redeemedAt} precision="clock" />
        {approval.outcome !== null && `, ${approval.outcome.replaceAll('_', ' ')}`}
      </Word>
    );
  }
  if (isOver) return <Word tone="expired">expired unused</Word>;
  return (
    <Word tone="waiting">
      not yet redeemed, <TimeLeft fromMs={0} untilMs={expiresAtMs} inline /> left
    </Word>
  );
}

function Claims({
  decoded,
  shown,
}: {
  decoded: { claims: TokenClaims; kid: string };
  shown: EscalationDetail;
}) {
  const { claims, kid } = decoded;
  const [detail] = claims.authorization_details;
  const isSame = detail?.action_digest === shown.actionDigest;
  return (
    <>
      <p className="token-say">
        Lets gateway <b>{claims.aud}</b> do <b>exactly the action above</b>, <b>once</b>, before{' '}
        <b>
          <Time at={claims.exp * 1000} precision="clock" />
        </b>
        . Any other amount, payee or gateway is refused.
      </p>
      <KeyValues
        left
        rows={[
          {
            label: 'Action',
            value: (
              <span className="row-gap">
                <Fingerprint digest={detail?.action_digest ?? ''} />
                {isSame ? (
                  <Badge tone="valid">same digest as drawn above</Badge>
                ) : (
                  <Badge tone="invalid">another digest than drawn above</Badge>
                )}
              </span>
            ),
          },
          { label: 'Agent', value: <Id value={claims.sub} keep={24} /> },
          { label: 'On behalf of', value: <Id value={claims.act.sub} /> },
          { label: 'Issued by', value: claims.iss },
          {
            label: 'Approved by',
            value: (
              <ul>
                {claims.approvals.map((each) => (
                  <li key={each.statement_digest}>
                    {roleWords(each.role)} <Id value={each.reviewer} />, {formatClock(each.active_ms)} active
                    of {formatClock(each.review_dwell_ms)}, {each.reason_code}
                  </li>
                ))}
              </ul>
            ),
          },
          {
            label: 'Recorded as',
            value: (
              <>
                {claims.record.stream} #{claims.record.position.toLocaleString('en')}{' '}
                <Id value={claims.record.link} />
              </>
            ),
          },
          {
            label: 'Signature',
            value: (
              <span className="row-gap">
                <Badge tone="not-checked">NOT CHECKED here</Badge>
                <span className="dim">
                  key <Id value={kid} />
                </span>
                {shown.decisionId !== null && (
                  <Link className="link" href={`${routes.decision(shown.decisionId)}?tab=verification`}>
                    Check it in this browser
                  </Link>
                )}
              </span>
            ),
          },
        ]}
      />
    </>
  );
}

function roleWords(role: string): string {
  return role in ROLE_WORDS ? ROLE_WORDS[role as keyof typeof ROLE_WORDS] : role;
}

// The decoder brings the signature library with it; nobody pays for that before there is a token.
function useDecoded(token: string): Decoded {
  const [decoded, setDecoded] = useState<{ of: string; value: Decoded } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    import('@/lib/tokens/token').then(
      ({ parseToken }) => {
        const parsed = parseToken(token);
        const value: Decoded = parsed.ok
          ? { claims: parsed.value.claims, kid: parsed.value.header.kid }
          : { code: parsed.code };
        if (isCurrent) setDecoded({ of: token, value });
      },
      () => isCurrent && setDecoded({ of: token, value: { code: 'decoder_missing' } }),
    );
    return () => {
      isCurrent = false;
    };
  }, [token]);
  return decoded !== null && decoded.of === token ? decoded.value : null;
}
