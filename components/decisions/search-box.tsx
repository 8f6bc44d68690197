'use client';

import { type FormEvent, useId, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { elide } from '@/components/ui/elide';
import { Icon } from '@/components/ui/icon';
import { Menu } from '@/components/ui/menu';
import { useShortcuts } from '@/lib/client/shortcuts';
import {
  parseSearchQuery,
  SEARCH_FIELDS,
  type SearchErrorCode,
  type SearchQuery,
  type SearchTerm,
  withoutTerm,
  withTerm,
} from '@/lib/decisions/search-query';
import { FIELD_WORDS } from '@/lib/decisions/search-words';

const PROBLEMS: Record<SearchErrorCode, string> = {
  unknown_field: 'There is no such field',
  unknown_word: 'Say which field this is, for instance agent:… or tool:…',
  bad_value: 'This value cannot stand there',
  repeated_field: 'This field can be given once',
  too_long: 'This is too long to be read',
};

/** One box: what is typed joins the terms that already stand as chips. `/` puts the cursor into it. */
export function SearchBox({
  query,
  onChange,
}: {
  query: SearchQuery;
  onChange: (query: SearchQuery) => void;
}) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();

  const shortcuts = useMemo(() => [{ keys: '/', what: 'search', run: () => input.current?.focus() }], []);
  useShortcuts('Decisions', shortcuts);

  function add(event: FormEvent) {
    event.preventDefault();
    const parsed = parseSearchQuery(text);
    if (!parsed.ok) {
      setProblem(`${PROBLEMS[parsed.code]}: ${parsed.detail ?? text}`);
      return;
    }
    setProblem(null);
    setText('');
    if (parsed.value.length > 0) onChange(parsed.value.reduce(withTerm, query));
  }

  return (
    <search>
      <form className="dsearch" onSubmit={add}>
        <label className="vh" htmlFor={id}>
          Search decisions
        </label>
        <Icon name="search" />
        <input
          ref={input}
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            const last = query.at(-1);
            if (event.key === 'Backspace' && text === '' && last) onChange(withoutTerm(query, last));
          }}
          placeholder="subject:tok_…  agent:…  tool:…  outcome:refuse  after:2026-06-01"
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          aria-invalid={problem === null ? undefined : true}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
        />
        <Menu
          label="Fields"
          small
          items={SEARCH_FIELDS.map((field) => ({
            key: field,
            label: field,
            hint: FIELD_WORDS[field],
            onSelect: () => {
              setText((typed) => `${typed.trimEnd()}${typed.trim() === '' ? '' : ' '}${field}:`);
              requestAnimationFrame(() => input.current?.focus());
            },
          }))}
        />
        <Button type="submit" small>
          Search
        </Button>
      </form>
      {problem !== null && (
        <p className="dproblem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {query.length > 0 && (
        <ul className="chips dterms" aria-label="Terms of this search">
          {query.map((term) => (
            <li key={`${term.field}:${term.value}`}>
              <TermChip term={term} onRemove={() => onChange(withoutTerm(query, term))} />
            </li>
          ))}
          <li>
            <button type="button" className="link" onClick={() => onChange([])}>
              Clear
            </button>
          </li>
        </ul>
      )}
    </search>
  );
}

function TermChip({ term, onRemove }: { term: SearchTerm; onRemove: () => void }) {
  const { head, hidden, tail } = elide(term.value, 6);
  const shown = term.value.length > 24 && hidden !== '' ? `${head}…${tail}` : term.value;
  return (
    <Chip
      pressed
      icon="x"
      title={`${term.field}:${term.value}`}
      aria-label={`Remove ${term.field} ${shown}`}
      onClick={onRemove}
    >
      <span className="c">{term.field}</span> {shown}
    </Chip>
  );
}
