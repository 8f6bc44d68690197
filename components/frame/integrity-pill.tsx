'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/components/ui/icon';
import { RelativeTime } from '@/components/ui/time';
import type { IntegrityStatus } from '@/lib/client/queries/frame';
import { routes } from '@/lib/client/routes';

const shapes: Record<IntegrityStatus['state'], IconName> = {
  valid: 'valid',
  invalid: 'invalid',
  unwitnessed: 'not-checked',
  unknown: 'not-checked',
};

/**
 * Whether the record is whole, on every page: size of the log, age of the last witness, how many witnesses answer.
 * Red with the finding when something in it is broken. `reading`: nothing is known yet.
 */
export function IntegrityPill({
  status,
  reading = false,
  linked = true,
}: {
  status: IntegrityStatus;
  reading?: boolean;
  linked?: boolean;
}) {
  const classes = `pill ${status.state === 'unwitnessed' ? 'unknown' : status.state}`;
  const words = (
    <>
      <Icon name={reading ? 'waiting' : shapes[status.state]} />
      <Words status={status} reading={reading} />
    </>
  );
  return linked ? (
    <Link className={classes} href={routes.integrity()} prefetch={false}>
      {words}
    </Link>
  ) : (
    <span className={classes}>{words}</span>
  );
}

function Words({ status, reading }: { status: IntegrityStatus; reading: boolean }): ReactNode {
  const size = `log ${status.treeSize.toLocaleString('en')}`;
  if (reading) return <span>reading the log</span>;
  switch (status.state) {
    case 'unknown':
      return <span>log not reachable</span>;
    case 'invalid':
      return (
        <>
          <span>{status.finding ?? <b>record INVALID</b>}</span>
          <span className="phone-off">{size}</span>
        </>
      );
    case 'unwitnessed':
      return (
        <>
          <span className="phone-off">{size}</span>
          <span className="phone-on">
            {status.witnessedAt === null ? (
              'not witnessed'
            ) : (
              <>
                last witnessed <RelativeTime at={status.witnessedAt} />
              </>
            )}
          </span>
        </>
      );
    case 'valid':
      return (
        <>
          <span className="phone-off">{size}</span>
          {status.witnessedAt !== null && (
            <span className="phone-on">
              witnessed <RelativeTime at={status.witnessedAt} />
            </span>
          )}
          <span className="phone-off wide-only">
            {status.witnessesOk} of {status.witnessesTotal} witnesses
          </span>
        </>
      );
  }
}
