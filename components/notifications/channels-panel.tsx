import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { RelativeTime, Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import type { ChannelView } from '@/lib/notifications/channel-requests';
import { AddChannel } from './add-channel';
import { ChannelActions } from './channel-actions';
import { CHANNEL_FORMS, describeChannelError } from './channel-fields';

const STATES = {
  ok: { tone: 'valid', word: 'Works' },
  unused: { tone: 'waiting', word: 'Not used yet' },
  failing: { tone: 'fail', word: 'Failing' },
  disabled: { tone: 'cancelled', word: 'Disabled' },
} as const;

/** Every way in which the console tells people and machines, how each does, and what went wrong last. */
export function ChannelsPanel({
  channels,
  gateways,
  mayChange,
}: {
  channels: readonly ChannelView[];
  gateways: readonly string[];
  mayChange: boolean;
}) {
  return (
    <Panel
      title="Channels"
      note={`${channels.filter(({ enabled }) => enabled).length} in use`}
      end={mayChange ? <AddChannel gateways={gateways} /> : undefined}
      flush
    >
      {channels.length === 0 ? (
        <StateBox kind="empty" title="No channel is registered">
          Nobody is told of an escalation outside this console: reviewers see it only while they look.
        </StateBox>
      ) : (
        <DataTable
          caption="Channels of notifications"
          rows={channels}
          rowKey={({ name }) => name}
          columns={[
            { key: 'name', head: 'Channel', cell: (channel) => <Named channel={channel} /> },
            { key: 'state', head: 'State', cell: (channel) => <Health channel={channel} /> },
            { key: 'last', head: 'Last sent', cell: ({ lastSentAt }) => <LastSent at={lastSentAt} /> },
            {
              key: 'kinds',
              head: 'Tells of',
              cell: ({ kinds, type }) => <Kinds kinds={kinds} type={type} />,
            },
            ...(mayChange
              ? [
                  {
                    key: 'acts',
                    head: 'Change',
                    figures: true,
                    cell: (channel: ChannelView) => <ChannelActions channel={channel} />,
                  },
                ]
              : []),
          ]}
        />
      )}
    </Panel>
  );
}

function Named({ channel }: { channel: ChannelView }) {
  const { name, type, settings, gateway } = channel;
  const address = settings.url ?? settings.host;
  return (
    <div className="stack">
      <b>
        <MarkedText text={name} />
      </b>
      <span>{CHANNEL_FORMS[type].label}</span>
      {typeof address === 'string' && (
        <span className="dim mono wit-address">
          <MarkedText text={address} />
        </span>
      )}
      {gateway !== null && (
        <span className="dim mono wit-address">
          <MarkedText text={gateway} />
        </span>
      )}
    </div>
  );
}

function Health({ channel }: { channel: ChannelView }) {
  const { state, lastError, lastErrorAt, waiting, givenUp } = channel;
  const { tone, word } = STATES[state];
  return (
    <div className="stack">
      <Word tone={tone}>{word}</Word>
      {lastError !== null && lastErrorAt !== null && (
        <span className="dim">
          last error: {describeChannelError(lastError)}, <RelativeTime at={lastErrorAt} />
        </span>
      )}
      {waiting > 0 && <span className="dim num">{waiting.toLocaleString('en')} waiting</span>}
      {givenUp > 0 && <span className="dim num">{givenUp.toLocaleString('en')} given up after a day</span>}
    </div>
  );
}

function LastSent({ at }: { at: string | null }) {
  return at === null ? <span className="dim">never</span> : <Time at={at} />;
}

function Kinds({ kinds, type }: Pick<ChannelView, 'kinds' | 'type'>) {
  if (type === 'callback') return <span className="dim">tasks of its gateway</span>;
  return (
    <span className="num">
      {kinds.length === 0 ? 'nothing' : `${kinds.length} ${kinds.length === 1 ? 'kind' : 'kinds'}`}
    </span>
  );
}
