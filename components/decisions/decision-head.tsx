import Link from 'next/link';
import { Amount } from '@/components/ui/amount';
import { Badge } from '@/components/ui/badge';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { TierMark } from '@/components/ui/tier-mark';
import { Time } from '@/components/ui/time';
import { VerdictCounts } from '@/components/verification/verdict-counts';
import type { DecisionVerificationState } from '@/lib/client/verification/use-decision-verification';
import type { DecisionRow } from '@/lib/decisions/decision-view';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import { describeOrigin } from '@/lib/evidence/check-origin';
import type { Ending } from '@/lib/evidence/decision-story';
import { ENDING_WORDS, OUTCOME_WORDS } from './decision-words';
import { TraceId } from './trace-id';

/** The page's sentence, its outcome, and what this browser has found of it so far. */
export function DecisionHead({
  row,
  body,
  producer,
  ending,
  verification,
  verificationHref,
}: {
  row: DecisionRow;
  /** Null when the record cannot be read: the sentence then comes from the search row, and says so. */
  body: DecisionBody | null;
  /** Who signed the record; null when it cannot be read. */
  producer: string | null;
  ending: Ending;
  verification: DecisionVerificationState;
  verificationHref: string;
}) {
  const action = body?.output.action;
  const principal = body?.identity.principal;
  const end = ENDING_WORDS[ending];
  const same = ending === 'allowed' || ending === 'refused' || ending === 'deferred';
  return (
    <div className="dhead">
      <div>
        <h1>
          <span className="l">
            <MarkedText text={body?.identity.agent.name ?? row.agent} />{' '}
            {row.verdict === 'allow' ? 'called' : 'asked for'}
          </span>{' '}
          <MarkedText text={action?.name ?? row.tool} />
          {action?.value && (
            <>
              {' '}
              <Amount value={action.value.amount} currency={action.value.currency} />
            </>
          )}
          {action?.resource && (
            <span className="l">
              {' '}
              on <MarkedText text={action.resource.type} />{' '}
              <Id value={action.resource.id} whole={action.resource.id.length <= 28} />
            </span>
          )}
          {principal && (
            <span className="l">
              {' '}
              <span className="nw">
                for <MarkedText text={principal.type} /> <Id value={principal.token} />
              </span>
            </span>
          )}
          <span className="l">; {end.clause}</span>
        </h1>
        <div className="meta dmeta">
          <Badge tone={row.verdict}>{OUTCOME_WORDS[row.verdict]}</Badge>
          {!same && (
            <>
              <Icon name="arrow" small />
              <Badge tone={end.tone}>{end.badge}</Badge>
            </>
          )}
          <TierMark tier={row.tier} badge />
          <Time at={row.occurredAt} precision="milli" />
          {row.traceId !== null && (
            <span className="nw t2">
              trace <TraceId value={row.traceId} />
            </span>
          )}
          {body?.origin && (
            <Badge tone="not-checked">
              {describeOrigin(body.origin, producer ?? 'an unreadable producer')}
            </Badge>
          )}
          {body === null && <Badge tone="invalid">record unreadable: this is the search row</Badge>}
        </div>
      </div>
      <Link className="integ" href={verificationHref} scroll={false}>
        <VerdictCounts checks={verification.checks} complete={verification.phase === 'done'} />
        <small>{statusWords(verification)}</small>
      </Link>
    </div>
  );
}

function statusWords({ phase, checks, progress }: DecisionVerificationState): string {
  switch (phase) {
    case 'idle':
      return 'fetching keys';
    case 'running':
      return progress
        ? `checking, ${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')}`
        : `checking, ${checks.length} lines so far`;
    case 'paused':
      return 'paused';
    case 'cancelled':
      return 'stopped before the end';
    case 'failed':
      return 'the checks stopped';
    case 'done':
      return 'computed in this browser';
  }
}
