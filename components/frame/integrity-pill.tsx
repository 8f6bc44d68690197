'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/components/ui/icon';
import { RelativeTime } from '@/components/ui/time';
import type { IntegrityStatus } from '@/lib/client/queries/frame';
import { routes } from '@/lib/client/routes';

/** Whether the console answered: not yet, no more, or just now. */
export type Contact = 'reading' | 'lost' | 'heard';

const shapes: Record<IntegrityStatus['state'], IconName> = {
  valid: 'valid',
  invalid: 'invalid',
  unwitnessed: 'not-checked',
  unknown: 'not-checked',
};

/**
 * Whether the record is whole, on every page: size of the log, age of the last witness, how many witnesses answer.
 * Red with the finding when something in it is broken; `contact` tells news from silence.
 */
export function IntegrityPill({
  status,
  contact = 'heard',
  linked = true,
}: {
  status: IntegrityStatus;
  contact?: Contact;
  linked?: boolean;
}) {
  const classes = `pill ${status.state === 'unwitnessed' ? 'unknown' : status.state}`;
  const words = (
    <>
      <Icon name={contact === 'reading' ? 'waiting' : shapes[status.state]} />
      <Words status={status} contact={contact} />
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

function Words({ status, contact }: { status: IntegrityStatus; contact: Contact }): ReactNode {
  const size = `log ${status.treeSize.toLocaleString('en')}`;
  if (contact === 'reading') return <span>reading the log</span>;
  if (contact === 'lost' && status.state !== 'invalid') return <span>log not reachable</span>;
  switch (status.state) {
    case 'unknown':
      return <span>no checkpoint yet</span>;
    case 'invalid':
      return (
        <>
          <span className="pill-finding" title={status.finding ?? undefined}>
            <b>INVALID</b> {status.finding}
          </span>
          <span className="phone-off">{size}</span>
        </>
      );
    case 'unwitnessed':
      return (
        <>
          <span className="phone-off">{size}</span>
          <span className="phone-on">
            {status.unwitnessedSince === null ? (
              'not witnessed'
            ) : (
              <>
                unwitnessed since <RelativeTime at={status.unwitnessedSince} />
              </>
            )}
          </span>
          {status.witnessesTotal > 0 && <Witnesses status={status} />}
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
          <Witnesses status={status} />
        </>
      );
  }
}

function Witnesses({ status }: { status: IntegrityStatus }) {
  return (
    <span className="phone-off wide-only">
      {status.witnessesOk} of {status.witnessesTotal} {status.witnessesTotal === 1 ? 'witness' : 'witnesses'}
    </span>
  );
}
