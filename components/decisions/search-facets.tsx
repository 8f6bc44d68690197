'use client';

import { MarkedText } from '@/components/ui/marked-text';
import { Word } from '@/components/ui/word';
import type { CountBasis, FacetCounts } from '@/lib/decisions/decision-view';
import { OUTCOMES, type OutcomeVerdict } from '@/lib/decisions/record-payload';
import {
  type SearchQuery,
  type SearchTerm,
  valuesOf,
  withoutTerm,
  withTerm,
} from '@/lib/decisions/search-query';
import { basisWords } from '@/lib/decisions/search-words';
import { OUTCOME_WORDS } from './decision-words';

const TITLES: Record<FacetCounts['facet'], string> = {
  outcome: 'Outcome',
  agent: 'Agent',
  tool: 'Tool',
  control: 'Control',
  rule: 'Rule',
  source: 'Spoken by',
  tier: 'Tier',
  model: 'Model and version',
  prompt: 'Prompt and version',
  policy: 'Policy and version',
  guardrail: 'Guardrails that did not pass',
};
const SHOWN = 6;

function isOutcome(value: string): value is OutcomeVerdict {
  return (OUTCOMES as readonly string[]).includes(value);
}

/** What else the search could ask, each value with its count under all other terms, and over which matches it was taken. */
export function SearchFacets({
  facets,
  basis,
  query,
  onChange,
}: {
  facets: readonly FacetCounts[];
  basis: CountBasis;
  query: SearchQuery;
  onChange: (query: SearchQuery) => void;
}) {
  const over = basisWords(basis);
  return (
    <div className="facets">
      {over !== null && <p className="lab">Counts {over}:</p>}
      {facets.map(({ facet, values }) => {
        const chosen = valuesOf(query, facet);
        const top = values.filter(({ value }, at) => at < SHOWN || chosen.includes(value));
        if (values.length === 0) return null;
        return (
          <fieldset key={facet} className="facet">
            <legend>{TITLES[facet]}</legend>
            {top.map(({ value, n }) => {
              const term: SearchTerm = { field: facet, value };
              const isChosen = chosen.includes(value);
              return (
                <label key={value} className={isChosen ? 'fv on' : 'fv'}>
                  <input
                    type="checkbox"
                    checked={isChosen}
                    onChange={() => onChange(isChosen ? withoutTerm(query, term) : withTerm(query, term))}
                  />
                  <span className="fv-name" title={value}>
                    {facet === 'outcome' && isOutcome(value) ? (
                      <Word tone={value}>{OUTCOME_WORDS[value].toLowerCase()}</Word>
                    ) : (
                      <MarkedText text={value} />
                    )}
                  </span>
                  <span className="fv-n num">{n.toLocaleString('en')}</span>
                </label>
              );
            })}
            {values.length > top.length && (
              <p className="lab">
                and {values.length - top.length} more, by typing {facet}:…
              </p>
            )}
          </fieldset>
        );
      })}
    </div>
  );
}
