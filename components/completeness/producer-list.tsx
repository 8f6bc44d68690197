'use client';

import { Badge } from '@/components/ui/badge';
import { DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format-time';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { RelativeTime, Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/time-context';
import {
  type Expectation,
  expectationOf,
  type Hearing,
  hearingOf,
  type ProducerState,
} from '@/lib/completeness/producer-state';
import { SetRhythm } from './set-rhythm';

const HEARING: Record<Hearing, string> = {
  heard: 'heard',
  late: 'late',
  silent: 'silent',
  never: 'never heard',
  'stood-down': 'stood down',
};
const BY: Record<Expectation['by'], string> = {
  set: 'set here',
  heartbeat: 'by its heartbeats',
  usual: 'its longest pause so far',
};
const figure = (n: number) => n.toLocaleString('en');
const range = ({ fromSeq, toSeq }: { fromSeq: number; toSeq: number }) =>
  fromSeq === toSeq ? figure(fromSeq) : `${figure(fromSeq)} to ${figure(toSeq)}`;

/** Every producer: how often it should be heard, when it was, what is missing of it and what came late. */
export function ProducerList({
  producers,
  mayExpect,
}: {
  producers: readonly ProducerState[];
  mayExpect: boolean;
}) {
  const nowMs = useNowMs();
  const open = producers.reduce(
    (sum, { streams }) => sum + streams.reduce((n, { openTotal }) => n + openTotal, 0),
    0,
  );
  return (
    <Panel
      title="Producers"
      note={`${producers.length}, ${open === 0 ? 'no hole open' : `${figure(open)} ${open === 1 ? 'hole' : 'holes'} open`}`}
      flush
    >
      {producers.length === 0 ? (
        <StateBox kind="empty" title="No producer is registered">
          Until one is, there is nothing that could be missing.
        </StateBox>
      ) : (
        <DataTable
          caption="Producers and what is missing of them"
          rows={producers}
          rowKey={({ producer }) => producer}
          columns={[
            {
              key: 'name',
              head: 'Producer',
              cell: (row) => (
                <div className="cstack">
                  <b>
                    <MarkedText text={row.name} />
                  </b>
                  <Id value={row.producer} keep={14} label="SPIFFE ID" />
                </div>
              ),
            },
            {
              key: 'expected',
              head: 'Expected every',
              cell: (row) => <Expected row={row} mayExpect={mayExpect} />,
            },
            { key: 'heard', head: 'Heard', cell: (row) => <Heard row={row} nowMs={nowMs} /> },
            { key: 'open', head: 'Missing numbers', cell: (row) => <OpenGaps row={row} /> },
            { key: 'closed', head: 'Came late', cell: (row) => <ClosedGaps row={row} /> },
            { key: 'beat', head: 'Last heartbeat', cell: (row) => <Heartbeat row={row} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Expected({ row, mayExpect }: { row: ProducerState; mayExpect: boolean }) {
  const expected = expectationOf(row);
  return (
    <div className="cstack">
      {expected ? (
        <span className="num">
          {formatDuration(expected.everyMs)} <span className="dim">{BY[expected.by]}</span>
        </span>
      ) : (
        <span className="dim">nothing says so yet</span>
      )}
      {mayExpect && row.disabledAt === null && <SetRhythm producer={row} />}
    </div>
  );
}

function Heard({ row, nowMs }: { row: ProducerState; nowMs: number }) {
  const { hearing, silentMs } = hearingOf(row, nowMs);
  const last = row.streams
    .map(({ lastSeenAt }) => lastSeenAt)
    .sort()
    .at(-1);
  return (
    <div className="cstack">
      <span>
        <Badge tone="plain" icon={hearing === 'silent' || hearing === 'late' ? 'flag' : undefined}>
          {HEARING[hearing]}
        </Badge>
      </span>
      {last !== undefined && (
        <span className="dim num">
          <RelativeTime at={last} />
          {hearing === 'silent' && silentMs !== null && `: silence of ${formatDuration(silentMs)}`}
        </span>
      )}
    </div>
  );
}

function OpenGaps({ row }: { row: ProducerState }) {
  const gaps = row.streams.flatMap(({ openGaps }) => openGaps);
  const total = row.streams.reduce((sum, { openTotal }) => sum + openTotal, 0);
  if (gaps.length === 0) return <span className="dim">none</span>;
  return (
    <div className="cstack">
      {gaps.slice(0, 4).map((gap) => (
        <span key={gap.fromSeq} className="num">
          <b>{range(gap)}</b>{' '}
          <span className="dim">
            since <Time at={gap.notedAt} precision="minute" />
          </span>
        </span>
      ))}
      {total > 4 && <span className="dim">and {figure(total - 4)} more holes</span>}
    </div>
  );
}

function ClosedGaps({ row }: { row: ProducerState }) {
  const total = row.streams.reduce((sum, { closedTotal }) => sum + closedTotal, 0);
  const [latest] = row.streams.flatMap(({ closedGaps }) => closedGaps);
  if (!latest) return <span className="dim">none</span>;
  return (
    <div className="cstack num">
      <span>
        {range(latest)}{' '}
        <span className="dim">
          after {formatDuration(Date.parse(latest.closedAt) - Date.parse(latest.notedAt))}
        </span>
      </span>
      <span className="dim">
        {total === 1 ? 'the only hole that closed' : `the latest of ${figure(total)}`}
      </span>
    </div>
  );
}

function Heartbeat({ row }: { row: ProducerState }) {
  const beat = row.streams.flatMap(({ heartbeat }) => heartbeat ?? []).at(-1);
  if (!beat) return <span className="dim">sends none</span>;
  const words =
    beat.here === null
      ? 'too long a time to count here'
      : beat.here === beat.said
        ? 'all of them here'
        : `${figure(beat.here)} here`;
  return (
    <div className="cstack num">
      <span>
        {beat.here !== null && beat.here !== beat.said ? (
          <Badge tone="plain" icon="flag">
            says {figure(beat.said)}, {words}
          </Badge>
        ) : (
          `${figure(beat.said)} decisions, ${words}`
        )}
      </span>
      <span className="dim">
        to <Time at={beat.to} precision="minute" />
      </span>
    </div>
  );
}
