'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { Badge } from '@/components/ui/badge';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { RelativeTime, Time } from '@/components/ui/time';
import type { AlertRow } from '@/lib/analytics/alert-rule';
import { alertsQuery } from '@/lib/client/queries/alerts';
import { routes } from '@/lib/client/routes';
import './alerts.css';

const CLOSED_SHOWN = 10;

/** Where an alert of this kind is looked into. */
function pathOf({ kind, scope }: AlertRow): { href: string; word: string } {
  switch (kind) {
    case 'rate':
      return { href: `${routes.insights()}?days=7`, word: 'rates' };
    case 'silence':
    case 'gaps':
      return { href: routes.completeness(), word: 'completeness' };
    case 'dwell':
      return { href: `${routes.insights()}?days=30`, word: 'reviewers' };
    case 'backlog':
      return { href: routes.queue(), word: 'queue' };
    case 'unwitnessed':
      return { href: routes.integrity(), word: 'integrity' };
    case 'unannounced':
      return { href: `${routes.changes()}?change=${encodeURIComponent(scope)}`, word: 'the change' };
  }
}

const TITLES: Record<AlertRow['kind'], string> = {
  rate: 'Rate above its bound',
  silence: 'Producer silent',
  gaps: 'Numbers missing',
  dwell: 'Dwell has collapsed',
  backlog: 'Queue backlog',
  unwitnessed: 'Log unwitnessed',
  unannounced: 'Version not announced',
};

function Measured({ alert }: { alert: AlertRow }) {
  const { value, bound, unit, n } = alert.measured;
  return (
    <span className="dim num">
      {value} {value === '1' ? unit.replace(/s$/, '') : unit}, bound {bound}
      {n !== null && `, n = ${n.toLocaleString('en')}`}
    </span>
  );
}

/** What is not as the organisation's rules want it, and what was. Nothing while there is neither a rule nor an alert. */
export function AlertPanel() {
  const alerts = useQuery(alertsQuery());
  const asked = useSearchParams().get('alert');
  if (!alerts.data) return null;
  const { open, closed } = alerts.data;
  if (open.length === 0 && closed.length === 0) return null;
  return (
    <Panel
      title="Alerts"
      note={open.length === 0 ? 'none open' : `${open.length} open`}
      end={
        <Link className="link" href={`${routes.settings()}/alerts`} prefetch={false}>
          Rules
        </Link>
      }
    >
      {open.length > 0 && (
        <ul className="alerts" aria-label="Open alerts">
          {open.map((alert) => {
            const { href, word } = pathOf(alert);
            return (
              <li key={alert.id} aria-current={alert.id === asked ? 'true' : undefined}>
                <Badge tone="plain" icon="flag">
                  {TITLES[alert.kind]}
                </Badge>
                <span>
                  <b>
                    <MarkedText text={alert.rule} />
                  </b>
                  {alert.scope !== 'all' && alert.scope !== 'log' && !alert.scope.startsWith('seen:') && (
                    <>
                      {' '}
                      for <MarkedText text={alert.scope} />
                    </>
                  )}{' '}
                  <Measured alert={alert} />
                </span>
                <span className="dim end">
                  since <RelativeTime at={alert.openedAt} />
                  {alert.clearSince !== null && ', clear for now'}
                </span>
                <Link
                  className="link"
                  href={href}
                  prefetch={false}
                  aria-label={`Look into ${alert.rule}: ${word}`}
                >
                  {word}
                </Link>
              </li>
            );
          })}
        </ul>
      )}
      {closed.length > 0 && (
        <details className="never">
          <summary>
            <b>{closed.length}</b> closed of late
          </summary>
          <ul className="alerts" aria-label="Closed alerts">
            {closed.slice(0, CLOSED_SHOWN).map((alert) => (
              <li key={alert.id} aria-current={alert.id === asked ? 'true' : undefined}>
                <span className="dim">{TITLES[alert.kind]}</span>
                <span>
                  <MarkedText text={alert.rule} /> <Measured alert={alert} />
                </span>
                <span className="dim end">
                  <Time at={alert.openedAt} precision="minute" /> to{' '}
                  {alert.closedAt !== null && <Time at={alert.closedAt} precision="minute" />}
                  {alert.closing === 'rule-changed' && ', its rule was changed'}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}
