import type { ReactNode } from 'react';
import { ruleWords, TIER_WORDS } from '@/components/escalations/escalation-words';
import { formatDeed } from '@/components/escalations/sentence-line';
import { BudgetBar, BudgetKey } from '@/components/ui/budget-bar';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import { Subhead } from '@/components/ui/subhead';
import type { EscalationDetail, Measured } from '@/lib/escalations/escalation-view';
import { budgetWords, formatExcess, formatMeasure } from './budget-words';

const TIER_MEANING = {
  reversible: 'It can be undone after it has happened.',
  bounded: 'Once done it cannot be recalled; what can be lost is limited to what stands above.',
  unbounded: 'Once done it cannot be recalled, and what follows from it has no limit known here.',
} as const;

/** Rule, measured value against its limit, budgets before and after, and whether it can be undone: at full length. */
export function WhyAsked({ shown }: { shown: EscalationDetail }) {
  const { row, policy } = shown;
  return (
    <div className="card">
      {shown.measured.length === 0 && (
        <p className="why-line">
          <b>{ruleWords(row.rule)}</b> ({row.reasonCode})
        </p>
      )}
      {shown.measured.map((measured, at) => (
        <div className="measured" key={`${measured.name}/${measured.measured}`}>
          <div className="rule-grid">
            <Fact label={at === 0 ? 'Rule' : 'Also'}>
              {ruleWords(measured.name)}
              {at === 0 && <span className="dim"> policy v{policy.version}</span>}
            </Fact>
            <Fact label="Measured">{formatMeasure(measured.measured, measured.unit)}</Fact>
            <Fact label="Limit">
              {measured.limit === undefined ? 'none' : formatMeasure(measured.limit, measured.unit)}
            </Fact>
            <Fact label="Difference">{formatExcess(measured) ?? 'none'}</Fact>
          </div>
          {measured.explanation !== '' && <p className="why-line">{measured.explanation}</p>}
        </div>
      ))}
      <div className="budgets-head">
        <Subhead title="Budgets" note="left before → left after" end={<BudgetKey />} />
      </div>
      <Budgets shown={shown} />
      <div className={`undo ${row.tier}`}>
        <Icon name={row.tier} />
        <p>
          <b>{TIER_WORDS[row.tier]}.</b> If approved, the gateway may{' '}
          <MarkedText text={formatDeed(row.sentence)} /> once. {TIER_MEANING[row.tier]}
        </p>
      </div>
    </div>
  );
}

/** The same in short, for the pane and the phone: one line per measured value, and the bars. */
export function WhyBrief({ shown }: { shown: EscalationDetail }) {
  return (
    <>
      {shown.measured.length === 0 && (
        <p className="why-line">
          <b>{ruleWords(shown.row.rule)}</b> ({shown.row.reasonCode})
        </p>
      )}
      {shown.measured.map((measured) => (
        <MeasuredLine key={`${measured.name}/${measured.measured}`} measured={measured} />
      ))}
      <Budgets shown={shown} />
    </>
  );
}

function MeasuredLine({ measured }: { measured: Measured }) {
  const excess = formatExcess(measured);
  return (
    <p className="why-line">
      {ruleWords(measured.name)}: <b className="num">{formatMeasure(measured.measured, measured.unit)}</b>
      {measured.limit !== undefined && (
        <>
          {' '}
          against a limit of <b className="num">{formatMeasure(measured.limit, measured.unit)}</b>
        </>
      )}
      {excess !== null && (
        <>
          , <b className="num">{excess}</b>
        </>
      )}
      . {measured.explanation}
    </p>
  );
}

function Budgets({ shown }: { shown: EscalationDetail }) {
  if (shown.budgets.length === 0) return <p className="lab">No budget counts this action.</p>;
  return (
    <div className="budgets">
      {shown.budgets.map((budget) => {
        const words = budgetWords(budget);
        if (words === null) {
          return (
            <p key={budget.name} className="why-line">
              {budget.name}: used {budget.used}, this action {budget.thisAction}, limit {budget.limit}{' '}
              {budget.unit}
            </p>
          );
        }
        return (
          <BudgetBar
            key={budget.name}
            name={words.title}
            window={words.window}
            limit={`${ruleWords(budget.name)}: ${words.limit}`}
            used={words.used}
            action={words.action}
            before={words.before}
            after={words.after}
          />
        );
      })}
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <div className="lab">{label}</div>
      <p className="med num">{children}</p>
    </div>
  );
}
