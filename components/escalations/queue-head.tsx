'use client';

import { useMemo } from 'react';
import { Chip } from '@/components/ui/chip';
import { Menu, type MenuItem } from '@/components/ui/menu';
import { EXPIRING_WITHIN_MS } from '@/lib/escalations/escalation-lists';
import { CONTROL_WORDS, TIER_WORDS } from './escalation-words';
import { CONTROLS, countFilters, type QueueFilter, type QueueView, TIERS } from './queue-filter';
import type { Queue } from './use-queue';

const VIEWS = [
  { view: 'all', words: 'All' },
  { view: 'mine', words: 'Mine' },
  { view: 'unclaimed', words: 'Unclaimed' },
] as const satisfies readonly { view: QueueView; words: string }[];
const AGENTS_LISTED = 12;

/** How many wait, and which of them are listed. */
export function QueueHead({
  queue,
  filter,
  onFilter,
}: {
  queue: Queue;
  filter: QueueFilter;
  onFilter: (filter: QueueFilter) => void;
}) {
  const { counts, rows } = queue;
  const agents = useMemo(
    () => [...new Set(rows.map((row) => row.agent))].sort().slice(0, AGENTS_LISTED),
    [rows],
  );
  const minutes = EXPIRING_WITHIN_MS / 60_000;
  const count = (view: 'all' | 'mine' | 'unclaimed') => counts?.[view].toLocaleString('en');
  return (
    <div className="list-head">
      <div className="row1">
        <h1>Queue</h1>
        <span className="dim num">
          {counts !== null &&
            `${counts.all.toLocaleString('en')} waiting${counts.expiringSoon > 0 ? `, ${counts.expiringSoon.toLocaleString('en')} ${counts.expiringSoon === 1 ? 'expires' : 'expire'} within ${minutes} min` : ''}`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: chips in a row are no fieldset */}
      <div className="chips" role="group" aria-label="Which escalations">
        {filter.view === 'deferred' && (
          <Chip pressed icon="x" onClick={() => onFilter({ ...filter, view: 'all' })}>
            Put aside by me
          </Chip>
        )}
        {filter.view === 'expiring' && (
          <Chip pressed icon="x" onClick={() => onFilter({ ...filter, view: 'all' })}>
            Ends within {minutes} min
          </Chip>
        )}
        {VIEWS.map(({ view, words }) => (
          <Chip
            key={view}
            pressed={filter.view === view}
            count={count(view)}
            onClick={() => onFilter({ ...filter, view })}
          >
            {words}
          </Chip>
        ))}
        <span className="end">
          <Menu
            label={countFilters(filter) === 0 ? 'Filter' : `Filter (${countFilters(filter)})`}
            className="chip"
            items={filterItems(counts, agents, filter, onFilter)}
          />
        </span>
      </div>
      {countFilters(filter) > 0 && (
        <div className="chips">
          {filter.tier !== null && (
            <Chip pressed icon="x" onClick={() => onFilter({ ...filter, tier: null })}>
              {TIER_WORDS[filter.tier]}
            </Chip>
          )}
          {filter.control !== null && (
            <Chip pressed icon="x" onClick={() => onFilter({ ...filter, control: null })}>
              {CONTROL_WORDS[filter.control]}
            </Chip>
          )}
          {filter.agent !== null && (
            <Chip pressed icon="x" onClick={() => onFilter({ ...filter, agent: null })}>
              {filter.agent}
            </Chip>
          )}
        </div>
      )}
    </div>
  );
}

function filterItems(
  counts: Queue['counts'],
  agents: readonly string[],
  filter: QueueFilter,
  onFilter: (filter: QueueFilter) => void,
): MenuItem[] {
  return [
    {
      key: 'expiring',
      label: `Ends within ${EXPIRING_WITHIN_MS / 60_000} min`,
      hint: counts === null ? undefined : `${counts.expiringSoon.toLocaleString('en')} waiting`,
      checked: filter.view === 'expiring',
      onSelect: () => onFilter({ ...filter, view: filter.view === 'expiring' ? 'all' : 'expiring' }),
    },
    {
      key: 'deferred',
      label: 'Put aside by me',
      checked: filter.view === 'deferred',
      onSelect: () => onFilter({ ...filter, view: filter.view === 'deferred' ? 'all' : 'deferred' }),
    },
    ...TIERS.map((tier) => ({
      key: `tier/${tier}`,
      label: TIER_WORDS[tier],
      checked: filter.tier === tier,
      onSelect: () => onFilter({ ...filter, tier: filter.tier === tier ? null : tier }),
    })),
    ...CONTROLS.map((control) => ({
      key: `control/${control}`,
      label: `Escalated by ${CONTROL_WORDS[control]}`,
      checked: filter.control === control,
      onSelect: () => onFilter({ ...filter, control: filter.control === control ? null : control }),
    })),
    ...agents.map((agent) => ({
      key: `agent/${agent}`,
      label: agent,
      checked: filter.agent === agent,
      onSelect: () => onFilter({ ...filter, agent: filter.agent === agent ? null : agent }),
    })),
  ];
}
