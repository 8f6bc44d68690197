import Link from 'next/link';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import type { InsightsView } from '@/lib/analytics/insights-view';
import { routes } from '@/lib/client/routes';
import { OUTCOMES, type OutcomeVerdict } from '@/lib/decisions/record-payload';

const SHOWN = 8;

/** Rules by how often they fired, and those of the policy in force that did not. */
export function RulePanel({ view }: { view: InsightsView }) {
  const top = view.rules.slice(0, SHOWN);
  const max = top[0]?.n ?? 1;
  return (
    <Panel
      title="Rules that fire most"
      end={
        <span className="lab num">
          {top.length} of {view.rules.length} that fired
        </span>
      }
    >
      {top.length === 0 && <p className="t2">No rule fired in this window.</p>}
      <ul className="irules">
        {top.map(({ rule, control, verdict, n }) => (
          <li key={`${rule} ${control} ${verdict}`}>
            <Link
              href={routes.decisions(`rule:"${rule.replaceAll('"', '')}" after:${view.from}`)}
              prefetch={false}
              className="cut med"
              title={rule}
            >
              <MarkedText text={rule} />
            </Link>
            <span className="dim">{control}</span>
            <span className="hb" aria-hidden="true">
              <i className={verdict} style={{ width: `${(n / max) * 100}%` }} />
            </span>
            <span className="num r">{n.toLocaleString('en')}</span>
            {isOutcome(verdict) && <Word tone={verdict}>{verdict}</Word>}
          </li>
        ))}
      </ul>
      {view.silentRules.length > 0 && (
        <details className="never">
          <summary>
            <b>
              {view.silentRules.length} of {view.policyRules} rules of the policy in force
            </b>{' '}
            did not fire in {view.days.length} days
          </summary>
          <ul>
            {view.silentRules.map(({ rule, control, lastFired }) => (
              <li key={rule}>
                <MarkedText text={rule} /> <span className="dim">{control},</span>{' '}
                {lastFired === null ? 'never here' : <RelativeTime at={lastFired} />}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

function isOutcome(verdict: string): verdict is OutcomeVerdict {
  return (OUTCOMES as readonly string[]).includes(verdict);
}
