'use client';

import { Icon } from '@/components/ui/icon';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import type { GraphFilter } from '@/lib/lineage/filter-graph';
import type { LayoutMode } from '@/lib/lineage/layout-graph';
import { NODE_KINDS, type NodeKind } from '@/lib/lineage/lineage-view';
import { FAMILY_WORDS, NODE_WORDS, type NodeFamily } from './node-words';

/** What is shown of what is loaded: by kind (the same row is the legend: shape, icon, word), by agent and by time. */
export function LineageFilter({
  kinds,
  agents,
  filter,
  onFilter,
  mode,
  onMode,
}: {
  kinds: ReadonlyMap<NodeKind, number>;
  agents: readonly string[];
  filter: GraphFilter;
  onFilter: (filter: GraphFilter) => void;
  mode: LayoutMode;
  onMode: (mode: LayoutMode) => void;
}) {
  function toggle(kind: NodeKind) {
    const hiddenKinds = new Set(filter.hiddenKinds);
    if (!hiddenKinds.delete(kind)) hiddenKinds.add(kind);
    onFilter({ ...filter, hiddenKinds });
  }
  const families = Object.keys(FAMILY_WORDS) as NodeFamily[];
  return (
    <div className="lfilter">
      <div className="lkinds">
        {families.map((family) => {
          const present = NODE_KINDS.filter((kind) => NODE_WORDS[kind].family === family && kinds.has(kind));
          return (
            present.length > 0 && (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot lie in a line
              <div key={family} role="group" aria-label={`Show ${FAMILY_WORDS[family]}`} className="lfam">
                <span className={`lshape ${family}`} aria-hidden="true" />
                {present.map((kind) => (
                  <button
                    key={kind}
                    type="button"
                    className="lkind"
                    aria-pressed={!filter.hiddenKinds.has(kind)}
                    onClick={() => toggle(kind)}
                  >
                    <Icon name={NODE_WORDS[kind].icon} small />
                    {NODE_WORDS[kind].word} <span className="num dim">{kinds.get(kind)}</span>
                  </button>
                ))}
              </div>
            )
          );
        })}
      </div>
      <div className="lwhen">
        {agents.length > 1 && (
          <Select
            aria-label="Agent"
            compact
            value={filter.agent ?? ''}
            onChange={(event) => onFilter({ ...filter, agent: event.target.value || null })}
            options={[
              { value: '', label: 'every agent' },
              ...agents.map((agent) => ({ value: agent, label: agent })),
            ]}
          />
        )}
        <span className="lday">
          <span className="dim">from</span>
          <TextInput
            aria-label="From, UTC"
            type="date"
            value={filter.from?.slice(0, 10) ?? ''}
            onChange={(event) => onFilter({ ...filter, from: midnight(event.target.value, 0) })}
          />
        </span>
        <span className="lday">
          <span className="dim">to</span>
          <TextInput
            aria-label="Until, UTC"
            type="date"
            value={filter.to === null ? '' : (midnight(filter.to.slice(0, 10), -1)?.slice(0, 10) ?? '')}
            onChange={(event) => onFilter({ ...filter, to: midnight(event.target.value, 1) })}
          />
        </span>
        <span className="dim">UTC</span>
        <Segmented
          label="Columns"
          value={mode}
          onChange={onMode}
          options={[
            { value: 'cause', label: 'by cause' },
            { value: 'time', label: 'by time' },
          ]}
        />
      </div>
    </div>
  );
}

const DAY_MS = 86_400_000;

/** Midnight UTC of a date, some days later; null for what is none. */
function midnight(date: string, days: number): string | null {
  const ms = Date.parse(`${date}T00:00:00.000Z`);
  return Number.isFinite(ms) ? new Date(ms + days * DAY_MS).toISOString() : null;
}
