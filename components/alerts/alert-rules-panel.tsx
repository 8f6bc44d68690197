'use client';

import { useState } from 'react';
import { ProblemLine } from '@/components/settings/problem-line';
import { useChange } from '@/components/settings/use-change';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { type AlertRuleRow, describeRule } from '@/lib/analytics/alert-rule';
import { EditAlertRule } from './edit-alert-rule';
import './alerts.css';

const PATH = '/api/v1/settings/alerts';

/** The rules of alerts: what each asks, and whether it is asked at all. */
export function AlertRulesPanel({
  rules,
  mayChange,
}: {
  rules: readonly AlertRuleRow[];
  mayChange: boolean;
}) {
  const [editing, setEditing] = useState<AlertRuleRow | 'new' | null>(null);
  const { state, send } = useChange(() => {});
  return (
    <Panel
      title="Alert rules"
      note="asked about three times a minute; told through the channels of Notifications"
      end={
        mayChange && (
          <Button small variant="primary" onClick={() => setEditing('new')}>
            Add a rule
          </Button>
        )
      }
      flush
    >
      <ProblemLine state={state} />
      {rules.length === 0 ? (
        <StateBox kind="empty" title="Nobody is told of anything">
          Without a rule, rates, silences, holes, backlog and an unwitnessed log are only seen by whoever
          looks.
        </StateBox>
      ) : (
        <DataTable
          caption="Alert rules"
          rows={rules}
          rowKey={({ id }) => id}
          columns={[
            { key: 'id', head: 'Rule', cell: (rule) => <b>{rule.id}</b> },
            { key: 'asks', head: 'Alerts when', cell: (rule) => describeRule(rule.settings) },
            {
              key: 'state',
              head: 'State',
              cell: (rule) => (rule.enabled ? 'on' : <Badge tone="plain">off</Badge>),
            },
            {
              key: 'changed',
              head: 'Changed',
              cell: (rule) => (
                <>
                  <Time at={rule.changedAt} precision="date" /> by {rule.changedBy}
                </>
              ),
            },
            ...(mayChange
              ? [
                  {
                    key: 'acts',
                    head: 'Change',
                    figures: true,
                    cell: (rule: AlertRuleRow) => (
                      <span className="acts">
                        <Button small onClick={() => setEditing(rule)} aria-label={`Change ${rule.id}`}>
                          Change
                        </Button>
                        <Button
                          small
                          busy={state.kind === 'sending'}
                          aria-label={`Turn ${rule.enabled ? 'off' : 'on'} ${rule.id}`}
                          onClick={() =>
                            void send('PUT', PATH, {
                              id: rule.id,
                              settings: rule.settings,
                              enabled: !rule.enabled,
                            })
                          }
                        >
                          {rule.enabled ? 'Turn off' : 'Turn on'}
                        </Button>
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {editing !== null && (
        <EditAlertRule rule={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </Panel>
  );
}
