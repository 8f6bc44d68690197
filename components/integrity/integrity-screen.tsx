'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { RelativeTime } from '@/components/ui/time';
import { integrityQuery } from '@/lib/client/queries/integrity';
import { routes } from '@/lib/client/routes';
import {
  type TenantVerification,
  useTenantVerification,
} from '@/lib/client/verification/use-tenant-verification';
import type { IntegrityView } from '@/lib/evidence/integrity-view';
import { CheckpointStrip } from './checkpoint-strip';
import { type ConditionDuties, ConditionsPanel } from './conditions-panel';
import { KnownFindings } from './known-findings';
import { NoticeList } from './notice-list';
import { RecoverLog } from './recover-log';
import { StreamDrill } from './stream-drill';
import { StreamPanel } from './stream-panel';
import { VerifyEverything } from './verify-everything';
import { WitnessPanel } from './witness-panel';
import './conditions.css';
import './integrity.css';

/** Streams, the log over them, its witnesses, and the arithmetic of all of it in this browser. `mayVerify`: may read records. */
export function IntegrityScreen({
  tenant,
  mayVerify,
  duties,
}: {
  tenant: string;
  mayVerify: boolean;
  duties: ConditionDuties & { recover: boolean };
}) {
  const integrity = useQuery(integrityQuery());
  const run = useTenantVerification(tenant, integrity.data?.log.origin ?? null);
  if (integrity.isPending) {
    return (
      <div className="page">
        <Skeleton lines={16} label="Reading the streams" />
      </div>
    );
  }
  if (!integrity.data) {
    return (
      <div className="page">
        <StateBox
          kind="failing"
          whole
          title="The streams could not be read"
          action={
            <Button small onClick={() => integrity.refetch()}>
              Read again
            </Button>
          }
        >
          {integrity.error?.message} Nothing is said about whether they are whole.
        </StateBox>
      </div>
    );
  }
  return (
    <Integrity
      view={integrity.data}
      run={run}
      mayVerify={mayVerify}
      duties={duties}
      stale={integrity.isError}
    />
  );
}

function Integrity({
  view,
  run,
  mayVerify,
  duties,
  stale,
}: {
  view: IntegrityView;
  run: TenantVerification;
  mayVerify: boolean;
  duties: ConditionDuties & { recover: boolean };
  stale: boolean;
}) {
  const start = (fromStart: boolean) =>
    run.start({ streams: view.streams, log: { origin: view.log.origin, vkey: view.log.vkey } }, fromStart);
  const busy = run.state.phase === 'running' || run.state.phase === 'paused';
  const stopped = run.state.phase === 'cancelled' || run.state.phase === 'failed';
  const records = view.streams.reduce((n, { head }) => n + head, 0);
  return (
    <div className="page integrity">
      <div className="dhead">
        <div>
          <h1>
            Integrity <span className="l">of</span>{' '}
            <span className="num">{records.toLocaleString('en')}</span> <span className="l">records in</span>{' '}
            <span className="num">{view.streams.length}</span> <span className="l">streams</span>
          </h1>
          <div className="meta imeta">
            <span className="num">log {view.log.size.toLocaleString('en')}</span>
            <span className="num dotsep">signed to {view.log.checkpointSize.toLocaleString('en')}</span>
            {view.log.backlog > 0 && (
              <span className="num dotsep">
                {view.log.backlog.toLocaleString('en')} wait for the next checkpoint
              </span>
            )}
            <Link className="link" href={routes.completeness()} prefetch={false}>
              completeness
            </Link>
            {view.log.halted !== null && <Badge tone="invalid">log halted: {view.log.halted}</Badge>}
            {stale && (
              <Badge tone="not-checked">the console stopped answering; this was the last account</Badge>
            )}
          </div>
        </div>
        {mayVerify && !busy && (
          <div className="istart">
            <Button variant="primary" icon="integrity" onClick={() => start(true)}>
              Verify everything in this browser
            </Button>
            {(run.last || stopped) && (
              <Button onClick={() => start(false)}>
                {stopped ? (
                  'Go on where it stopped'
                ) : (
                  <>
                    Only what is new since <RelativeTime at={run.last?.atMs ?? 0} />
                  </>
                )}
              </Button>
            )}
          </div>
        )}
      </div>
      {view.log.halted !== null && (
        <StateBox
          kind="failing"
          title="The log has stopped itself"
          action={duties.recover ? <RecoverLog /> : undefined}
        >
          It found something in its own storage that cannot be. No approval is issued and nothing is redeemed
          until its operator has looked: {view.log.halted}.
        </StateBox>
      )}
      {run.state.phase !== 'idle' && <VerifyEverything run={run} />}
      <ConditionsPanel duties={duties} />
      <KnownFindings
        streams={view.streams.map(({ stream }) => stream)}
        origin={view.log.origin}
        onForget={run.forget}
      />
      <NoticeList view={view} run={run.state} />
      {mayVerify && <StreamDrill view={view} />}
      <CheckpointStrip view={view} />
      <div className="igrid4">
        <StreamPanel view={view} run={run.state} />
        <WitnessPanel view={view} />
      </div>
    </div>
  );
}
