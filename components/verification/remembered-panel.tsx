'use client';

import { Button } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import type { RememberedLog } from '@/lib/client/verification/remembered-logs';

/** Heads of logs that were verified in this browser: what is dropped later must have grown from them. */
export function RememberedPanel({
  logs,
  onForget,
}: {
  logs: readonly RememberedLog[];
  onForget: (origin: string) => void;
}) {
  return (
    <Panel title="Remembered logs" end={<span className="lab num">{logs.length}</span>} flush>
      {logs.length === 0 ? (
        <p className="panel-body t2">
          The head of each log that verifies here is kept in this browser. A log that is shown later must have
          grown from it: one that was cut back or rewritten is noticed.
        </p>
      ) : (
        <ul className="roots">
          {logs.map(({ origin, size, atMs }) => (
            <li className="root" key={origin} data-log={origin}>
              <span className="root-what">
                <Id value={origin} whole />
              </span>
              <span className="root-print num">
                size {size.toLocaleString('en')}, since{' '}
                {new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC
              </span>
              <span className="root-do">
                <Button small onClick={() => onForget(origin)}>
                  Forget<span className="vh"> {origin}</span>
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
