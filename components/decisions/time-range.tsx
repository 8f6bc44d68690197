'use client';

import { useId } from 'react';
import { Chip } from '@/components/ui/chip';
import {
  formatBound,
  type SearchField,
  type SearchQuery,
  windowOf,
  withoutField,
  withTerm,
} from '@/lib/decisions/search-query';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LATEST = [
  { label: '24 hours', ms: DAY_MS },
  { label: '7 days', ms: 7 * DAY_MS },
  { label: '30 days', ms: 30 * DAY_MS },
  { label: '90 days', ms: 90 * DAY_MS },
];

const dayOf = (ms: number | undefined) => (ms === undefined ? '' : new Date(ms).toISOString().slice(0, 10));

/** The search's time by keyboard and finger: the latest hours or days, or days from and to, both included. */
export function TimeRange({
  query,
  onChange,
}: {
  query: SearchQuery;
  onChange: (query: SearchQuery) => void;
}) {
  const id = useId();
  const { afterMs, beforeMs } = windowOf(query);
  const without = withoutField(withoutField(query, 'after'), 'before');

  function setDay(field: Extract<SearchField, 'after' | 'before'>, day: string) {
    const ms = Date.parse(`${day}T00:00:00.000Z`);
    if (day === '') onChange(withoutField(query, field));
    else if (Number.isFinite(ms))
      onChange(withTerm(query, { field, value: formatBound(field === 'before' ? ms + DAY_MS : ms) }));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot lie in a line
    <div className="drange" role="group" aria-label="Time of the search, days in UTC">
      {LATEST.map(({ label, ms }) => (
        <Chip
          key={label}
          onClick={() =>
            // On the hour, so that rollups count it.
            onChange(
              withTerm(without, {
                field: 'after',
                value: formatBound(Math.floor((Date.now() - ms) / HOUR_MS) * HOUR_MS),
              }),
            )
          }
        >
          {label}
        </Chip>
      ))}
      <span className="dday">
        <label htmlFor={`${id}-from`}>from</label>
        <input
          id={`${id}-from`}
          type="date"
          className="input"
          key={`from ${afterMs}`}
          defaultValue={dayOf(afterMs)}
          onChange={(event) => setDay('after', event.target.value)}
        />
      </span>
      <span className="dday">
        <label htmlFor={`${id}-to`}>to</label>
        <input
          id={`${id}-to`}
          type="date"
          className="input"
          key={`to ${beforeMs}`}
          defaultValue={dayOf(beforeMs === undefined ? undefined : beforeMs - 1)}
          onChange={(event) => setDay('before', event.target.value)}
        />
      </span>
      {(afterMs !== undefined || beforeMs !== undefined) && (
        <button type="button" className="link" onClick={() => onChange(without)}>
          All time
        </button>
      )}
    </div>
  );
}
