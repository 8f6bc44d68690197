/**
 * The search over decisions, as the text that stands in the box and in the URL:
 *
 *   query = term *( SP term )        term = field ":" value / value        value = word / DQUOTE text DQUOTE
 *
 * Fields are ANDed. The fields of `MANY` may be given several times and then mean "any of these". A bare value is
 * accepted when its shape alone says what it is: a subject token, a decision or escalation id, a trace id.
 * `model`, `prompt` and `policy` are a name, or a name, `@` and a version; `guardrail` is a name, or a name and `=pass`,
 * `=fail` or `=error`, where the name `*` stands for any; `downstream` is an id in another system.
 * `origin:otlp` finds what a bridge made from OpenTelemetry spans: not signed at its source.
 * `after` (inclusive) and `before` (exclusive) take a date, read as midnight UTC, or an instant of formats.md §1.
 *
 * Worked example: `subject:tok_8a2f… outcome:refuse outcome:escalate model:anthropic/claude@2026-10-01 after:2026-06-01 before:2026-09-01`.
 */
import { isForeignId, isSubjectToken } from '@/lib/core/id';
import { formatInstant, parseInstant } from '@/lib/core/instant';
import { err, ok, type Result } from '@/lib/core/result';
import { CONTROLS, ORIGIN_PROTOCOLS, OUTCOMES, SOURCES, TIERS } from './record-payload';

/** May be repeated: any of the values. */
const MANY = [
  'agent',
  'tool',
  'outcome',
  'source',
  'control',
  'rule',
  'tier',
  'model',
  'prompt',
  'policy',
  'guardrail',
  'reviewer',
  'downstream',
  'origin',
] as const;
/** At most once. */
const ONCE = ['subject', 'decision', 'escalation', 'trace', 'run', 'session', 'after', 'before'] as const;

export type ManyField = (typeof MANY)[number];
export type OnceField = (typeof ONCE)[number];
export type SearchField = ManyField | OnceField;

/** Canonical order: who it is about, which one, by whom, what, how it ended, when. */
export const SEARCH_FIELDS = [
  'subject',
  'decision',
  'escalation',
  'trace',
  'run',
  'session',
  'agent',
  'tool',
  'outcome',
  'source',
  'control',
  'rule',
  'tier',
  'model',
  'prompt',
  'policy',
  'guardrail',
  'reviewer',
  'downstream',
  'origin',
  'after',
  'before',
] as const satisfies readonly SearchField[];

export interface SearchTerm {
  field: SearchField;
  value: string;
}

/** Sorted by `SEARCH_FIELDS`, then by value, without repetition: two texts of one meaning give equal queries. */
export type SearchQuery = readonly SearchTerm[];

export type SearchErrorCode = 'unknown_field' | 'unknown_word' | 'bad_value' | 'repeated_field' | 'too_long';

export const MAX_QUERY_CHARACTERS = 2_000;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Milliseconds of a date (midnight UTC) or an instant. */
export function parseBound(text: string): Result<number, 'instant_syntax'> {
  return parseInstant(DATE.test(text) ? `${text}T00:00:00.000Z` : text);
}

/** A bound as short as it can be written: a date when it is midnight UTC. */
export function formatBound(unixMs: number): string {
  const text = formatInstant(unixMs);
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}

/** Visible and within the length of two names and a version; what it means is the database's to say. */
const isLabel = (value: string) => value.length <= 772 && !/[\p{Cc}"]/u.test(value);
const oneOf = (values: readonly string[]) => (value: string) => values.includes(value);

const VALID: Record<SearchField, (value: string) => boolean> = {
  subject: isSubjectToken,
  decision: isForeignId,
  escalation: isForeignId,
  trace: (value) => /^[0-9a-f]{32}$/.test(value),
  run: isForeignId,
  session: isForeignId,
  agent: isForeignId,
  tool: isForeignId,
  outcome: oneOf(OUTCOMES),
  source: oneOf(SOURCES),
  control: oneOf(CONTROLS),
  rule: isLabel,
  tier: oneOf(TIERS),
  model: isLabel,
  prompt: isLabel,
  policy: isLabel,
  guardrail: isLabel,
  reviewer: isForeignId,
  downstream: isForeignId,
  origin: oneOf(ORIGIN_PROTOCOLS),
  after: (value) => parseBound(value).ok,
  before: (value) => parseBound(value).ok,
};

/** What a value without a field can only be. */
function fieldOfBareValue(value: string): SearchField | undefined {
  if (isSubjectToken(value)) return 'subject';
  if (/^dec_[0-9a-f-]{36}$/.test(value)) return 'decision';
  if (/^esc_[0-9a-f-]{36}$/.test(value)) return 'escalation';
  return /^[0-9a-f]{32}$/.test(value) ? 'trace' : undefined;
}

const TERM = /\s*(?:([A-Za-z]+):)?(?:"([^"]*)"|(\S+))/y;

/**
 * Reads what a person typed or a URL carried. `detail` names the term that is wrong.
 * Inverse of `formatSearchQuery` up to order, repetition and quotes.
 */
export function parseSearchQuery(text: string): Result<SearchQuery, SearchErrorCode> {
  if (text.length > MAX_QUERY_CHARACTERS)
    return err('too_long', `${MAX_QUERY_CHARACTERS} characters at most`);
  const terms: SearchTerm[] = [];
  const trimmed = text.trim();
  let at = 0;
  while (at < trimmed.length) {
    TERM.lastIndex = at;
    const match = TERM.exec(trimmed);
    if (!match) return err('bad_value', trimmed.slice(at).trim());
    at = TERM.lastIndex;
    const [whole, name, quoted, word] = match;
    const value = quoted ?? word ?? '';
    const field = name === undefined ? fieldOfBareValue(value) : asField(name);
    if (field === undefined) return err(name === undefined ? 'unknown_word' : 'unknown_field', whole.trim());
    if (value === '' || !VALID[field](value)) return err('bad_value', whole.trim());
    terms.push({ field, value: normalise(field, value) });
  }
  return toQuery(terms);
}

/** The canonical text of a query. */
export function formatSearchQuery(query: SearchQuery): string {
  return query
    .map(({ field, value }) => `${field}:${/^[^\s"]+$/.test(value) ? value : `"${value}"`}`)
    .join(' ');
}

/** The query with one more term; a once-only field is replaced. */
export function withTerm(query: SearchQuery, term: SearchTerm): SearchQuery {
  const kept = isMany(term.field) ? query : query.filter(({ field }) => field !== term.field);
  const next = toQuery([...kept, { field: term.field, value: normalise(term.field, term.value) }]);
  return next.ok ? next.value : query;
}

/** The query without that term. */
export function withoutTerm(query: SearchQuery, term: SearchTerm): SearchQuery {
  return query.filter(({ field, value }) => field !== term.field || value !== term.value);
}

/** The query without any term of that field. */
export function withoutField(query: SearchQuery, field: SearchField): SearchQuery {
  return query.filter((term) => term.field !== field);
}

/** Every value given for a field that may be repeated; empty means "any". */
export function valuesOf(query: SearchQuery, field: ManyField): string[] {
  return query.filter((term) => term.field === field).map(({ value }) => value);
}

/** The value of a field that stands at most once. */
export function onlyValueOf(query: SearchQuery, field: OnceField): string | undefined {
  return query.find((term) => term.field === field)?.value;
}

/** `after` and `before` in milliseconds; undefined where open. */
export function windowOf(query: SearchQuery): { afterMs: number | undefined; beforeMs: number | undefined } {
  const bound = (field: 'after' | 'before') => {
    const value = onlyValueOf(query, field);
    const parsed = value === undefined ? undefined : parseBound(value);
    return parsed?.ok ? parsed.value : undefined;
  };
  return { afterMs: bound('after'), beforeMs: bound('before') };
}

function isMany(field: SearchField): field is ManyField {
  return (MANY as readonly string[]).includes(field);
}

function asField(name: string): SearchField | undefined {
  const lower = name.toLowerCase();
  return SEARCH_FIELDS.find((field) => field === lower);
}

function normalise(field: SearchField, value: string): string {
  if (field !== 'after' && field !== 'before') return value;
  const bound = parseBound(value);
  return bound.ok ? formatBound(bound.value) : value;
}

function toQuery(terms: readonly SearchTerm[]): Result<SearchQuery, SearchErrorCode> {
  const unique = new Map(terms.map((term) => [`${term.field}:${term.value}`, term]));
  const sorted = [...unique.values()].sort(
    (a, b) =>
      SEARCH_FIELDS.indexOf(a.field) - SEARCH_FIELDS.indexOf(b.field) ||
      (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
  );
  for (const [index, term] of sorted.entries()) {
    if (!isMany(term.field) && sorted[index - 1]?.field === term.field) {
      return err('repeated_field', `${term.field}:${term.value}`);
    }
  }
  return ok(sorted);
}
