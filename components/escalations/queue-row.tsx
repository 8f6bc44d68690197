import { memo } from 'react';
import { formatCountdown } from '@/components/ui/format-time';
import { TierMark } from '@/components/ui/tier-mark';
import { TimeLeft } from '@/components/ui/time-left';
import { ruleWords } from './escalation-words';
import type { QueueRow } from './queue-rows';
import { RaisedMark } from './raised-mark';
import { RowHolder } from './row-holder';
import { SentenceLine } from './sentence-line';
import { StateWord } from './state-word';

/**
 * What one row of the queue says; drawn again only when the row changes. `skewMs` is this browser's clock minus the
 * server's; `nowMs` matters only to a row that is leaving, so others are given 0.
 */
export const QueueRowText = memo(function QueueRowText({
  row,
  skewMs,
  nowMs,
}: {
  row: QueueRow;
  skewMs: number;
  nowMs: number;
}) {
  return (
    <>
      <p className="say">
        <SentenceLine sentence={row.sentence} />
      </p>
      <div className="row-time">
        {row.leavesAtMs === null ? (
          <TimeLeft
            fromMs={Date.parse(row.createdAt) + skewMs}
            untilMs={Date.parse(row.expiresAt) + skewMs}
          />
        ) : (
          <span className="left dim">
            {row.endedAt !== null && formatCountdown(Date.parse(row.expiresAt) - Date.parse(row.endedAt))}
          </span>
        )}
      </div>
      {row.leavesAtMs === null ? (
        <div className="why">
          <TierMark tier={row.tier} />
          <span aria-hidden="true">·</span>
          <span className="rule">{ruleWords(row.rule)}</span>
          {row.raised && <RaisedMark raised={row.raised} />}
          <span className="who">
            {row.deferral != null && (
              <span className="dim">
                put aside {row.deferral.until === null ? 'until information arrives' : 'for a while'} ·{' '}
              </span>
            )}
            <RowHolder row={row} />
          </span>
        </div>
      ) : (
        <div className="why">
          <StateWord state={row.state} />
          <span className="rule">
            {row.decidedBy !== null && `by ${row.decidedBy}`}
            {row.redeemedAt !== null && ' · redeemed'}
          </span>
          <span className="who" aria-hidden="true">
            leaves in {Math.max(0, Math.ceil((row.leavesAtMs - nowMs) / 1000))} s
          </span>
        </div>
      )}
    </>
  );
});
