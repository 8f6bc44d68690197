import { Badge } from '@/components/ui/badge';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { RelativeTime, Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { describeWitnessError, WITNESS_STATE_WORDS } from '@/lib/evidence/describe-witness';
import type { WitnessView } from '@/lib/evidence/witness-view';
import { WITNESS_WORDS } from '@/lib/evidence/witness-words';
import { AddWitness } from './add-witness';
import { WitnessActions } from './witness-actions';
import { showSetting } from './witness-fields';

/** Who outside is asked to see the log, how each does, and what went wrong last. */
export function WitnessesPanel({
  witnesses,
  mayChange,
}: {
  witnesses: readonly WitnessView[];
  mayChange: boolean;
}) {
  return (
    <Panel
      title="Witnesses"
      note={`${witnesses.filter(({ enabled }) => enabled).length} asked`}
      end={mayChange ? <AddWitness /> : undefined}
      flush
    >
      {witnesses.length === 0 ? (
        <StateBox kind="empty" title="No witness is registered">
          Nobody outside this console has seen its log: its operator could rewrite it before anybody looked.
        </StateBox>
      ) : (
        <DataTable
          caption="Witnesses of the log"
          rows={witnesses}
          rowKey={(witness) => witness.name}
          columns={[
            { key: 'name', head: 'Witness', cell: (witness) => <Named witness={witness} /> },
            { key: 'state', head: 'State', cell: (witness) => <Health witness={witness} /> },
            { key: 'last', head: 'Newest valid receipt', cell: (witness) => <Newest witness={witness} /> },
            {
              key: 'every',
              head: 'Asked',
              cell: ({ everySeconds }) => <span className="num">{everyWords(everySeconds)}</span>,
            },
            ...(mayChange
              ? [
                  {
                    key: 'acts',
                    head: 'Change',
                    figures: true,
                    cell: (witness: WitnessView) => <WitnessActions witness={witness} />,
                  },
                ]
              : []),
          ]}
        />
      )}
    </Panel>
  );
}

function Named({ witness }: { witness: WitnessView }) {
  const { settings } = witness;
  const address =
    settings.address ?? settings.url ?? settings.endpoint ?? settings.calendars ?? settings.bucket;
  return (
    <div className="stack">
      <b>
        <MarkedText text={witness.name} />
      </b>
      <span>{WITNESS_WORDS[witness.type].title}</span>
      {address !== undefined && (
        <span className="dim mono wit-address">
          <MarkedText text={showSetting(address)} />
        </span>
      )}
      {witness.demo && (
        <>
          <Badge tone="plain">demo witness</Badge>
          <span className="dim">It runs on this machine and proves nothing to others.</span>
        </>
      )}
    </div>
  );
}

const TONES = { ok: 'valid', behind: 'waiting', failing: 'fail', disabled: 'cancelled' } as const;

function Health({ witness }: { witness: WitnessView }) {
  const { state, lastError, lastErrorAt, nextAt, pending, enabled } = witness;
  return (
    <div className="stack">
      <Word tone={TONES[state]}>{WITNESS_STATE_WORDS[state]}</Word>
      {enabled && lastError !== null && (
        <span className="dim">
          {describeWitnessError(lastError)}
          {lastErrorAt !== null && (
            <>
              , <RelativeTime at={lastErrorAt} />
            </>
          )}
        </span>
      )}
      {enabled && lastError !== null && nextAt !== null && (
        <span className="dim">
          asked again <RelativeTime at={nextAt} />
        </span>
      )}
      {pending > 0 && (
        <span className="dim num">
          {pending.toLocaleString('en')} {pending === 1 ? 'receipt is' : 'receipts are'} not valid yet
        </span>
      )}
    </div>
  );
}

function Newest({ witness }: { witness: WitnessView }) {
  const { lastSize, lastAt, backlog, latest } = witness;
  return (
    <div className="stack">
      {lastSize === null || lastAt === null ? (
        <span className="dim">none yet</span>
      ) : (
        <>
          <span className="num">size {lastSize.toLocaleString('en')}</span>
          <Time at={lastAt} />
        </>
      )}
      {backlog > 0 && (
        <span className="dim num">
          {backlog.toLocaleString('en')} {backlog === 1 ? 'checkpoint' : 'checkpoints'} since
        </span>
      )}
      {latest?.state === 'pending' && (
        <span className="dim">
          <MarkedText
            text={latest.checks.find(({ verdict }) => verdict === 'not-checked')?.reason ?? 'not valid yet'}
          />
        </span>
      )}
    </div>
  );
}

function everyWords(seconds: number): string {
  if (seconds === 0) return 'for every checkpoint';
  if (seconds % 3_600 === 0) return seconds === 3_600 ? 'every hour' : `every ${seconds / 3_600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? 'every minute' : `every ${seconds / 60} minutes`;
  return `every ${seconds} seconds`;
}
